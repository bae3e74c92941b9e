/** What the draft says of one lead: values are typed, activities are ticked, and the sum is shown with its reasons. */
import { Badge, Group, NumberInput, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import type { Definition, Fact } from '@winnow/engine'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../../app/clock.ts'
import { useFormats } from '../../../app/format.ts'
import { useSay } from '../../../app/phrases.ts'
import { unanswered, useStartedEngine } from './engine.ts'
import type { TryAnswer } from './protocol.ts'
import { LeadPicker, useKnown, type Known } from './real-lead.tsx'

type Given = Readonly<Record<string, string>>
const LEAD = 'tried'
const ACCOUNT = 'tried-account'
const DAY_MS = 86_400_000

/** What was typed, as facts of a lead that began a year ago, or on top of what is known of a real one. */
function factsOf(
  definition: Definition,
  { values, happened }: { readonly values: Given; readonly happened: Given },
  { now, known }: { readonly now: number; readonly known: Known | undefined },
): Fact[] {
  const start = known === undefined ? now - 365 * DAY_MS : now
  const account = known?.account ?? ACCOUNT
  const facts: unknown[] =
    known === undefined
      ? [{ id: 'link', kind: 'link', at: start, lead: LEAD, account }]
      : known.facts.filter(({ at }) => at <= now)
  for (const [name, { type, about }] of Object.entries(definition.attributes ?? {})) {
    const typed = values[name] ?? ''
    if (typed === '') continue
    const value =
      type === 'number' ? Number(typed) : type === 'boolean' ? typed === 'true' : type === 'choices' ? [typed] : typed
    const whose = about === 'account' ? { kind: 'account_attribute', account } : { kind: 'attribute', lead: LEAD }
    facts.push({ id: `v-${name}`, at: start, name, value, ...whose })
  }
  for (const [name, activity] of Object.entries(definition.activities ?? {})) {
    const count = Math.min(50, Number(happened[name] ?? 0))
    const type = [activity.from].flat()[0]
    for (let at = 0; at < count; at++) {
      const properties = propertiesFor(activity.where)
      facts.push({
        id: `a-${name}-${at}`,
        kind: 'activity',
        lead: LEAD,
        at: now - (at + 1) * 3_600_000,
        type,
        properties,
      })
    }
  }
  return facts as Fact[]
}

/** Properties that pass the tests of an activity, where that can be told. */
function propertiesFor(where: unknown): Record<string, unknown> {
  const entries = Object.entries((where ?? {}) as Record<string, unknown>).flatMap(([name, test]) => {
    const value = passing(test)
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(entries)
}

function passing(test: unknown): unknown {
  if (typeof test !== 'object' || test === null) return test
  if (Array.isArray(test)) return test[0]
  const {
    is,
    in: list,
    contains,
    starts_with,
    ends_with,
    at_least,
    at_most,
    above,
    below,
    between,
    known,
  } = test as Record<string, unknown>
  if (known !== undefined) return known === false ? undefined : 'yes'
  const text = [is, list, contains, starts_with, ends_with].find((each) => each !== undefined)
  if (text !== undefined) return [text].flat()[0]
  const number = [at_least, at_most, [between].flat()[0]].find((each) => each !== undefined)
  if (number !== undefined) return number
  return typeof above === 'number' ? above + 1 : typeof below === 'number' ? below - 1 : undefined
}

export function TryLead({
  text,
  live,
  definition,
}: {
  readonly text: string
  readonly live: string | undefined
  readonly definition: Definition | undefined
}) {
  const { t } = useTranslation('definition')
  const now = useNow()
  const engine = useStartedEngine()
  const [values, setValues] = useState<Given>({})
  const [happened, setHappened] = useState<Given>({})
  const [answer, setAnswer] = useState<TryAnswer>()
  const [lead, setLead] = useState<string | null>(null)
  const known = useKnown(lead, LEAD)
  const facts = useMemo(
    () => (definition === undefined ? [] : factsOf(definition, { values, happened }, { now, known })),
    [definition, values, happened, now, known],
  )
  useEffect(() => {
    let isOutdated = false
    void engine?.ask<'try'>({ ask: 'try', text, live, facts, lead: LEAD, asOf: now }).then((tried) => {
      if (!isOutdated && tried !== undefined) setAnswer(tried)
    }, unanswered)
    return () => {
      isOutdated = true
    }
  }, [engine, text, live, facts, now])
  if (definition === undefined)
    return (
      <Text size="sm" c="dimmed">
        {t('try.withErrors')}
      </Text>
    )
  return (
    <Stack gap="md">
      <LeadPicker lead={lead} pick={setLead} />
      {answer && <Outcome answer={answer} definition={definition} />}
      <Text size="sm" fw={600}>
        {t(lead === null ? 'try.known' : 'try.changed')}
      </Text>
      <Group gap="xs" align="end">
        {Object.entries(definition.attributes ?? {}).map(([name, attribute]) => (
          <ValueField
            key={name}
            label={attribute.label ?? name.replaceAll('_', ' ')}
            choices={attribute.type === 'boolean' ? ['true', 'false'] : attribute.of}
            isNumber={attribute.type === 'number'}
            value={values[name] ?? ''}
            onChange={(value) => setValues({ ...values, [name]: value })}
          />
        ))}
      </Group>
      <Text size="sm" fw={600}>
        {t('try.happened')}
      </Text>
      <Group gap="xs" align="end">
        {Object.entries(definition.activities ?? {}).map(([name, { label }]) => (
          <NumberInput
            key={name}
            size="xs"
            w={150}
            min={0}
            max={50}
            label={label ?? name.replaceAll('_', ' ')}
            value={happened[name] ?? ''}
            onChange={(value) => setHappened({ ...happened, [name]: String(value) })}
          />
        ))}
      </Group>
    </Stack>
  )
}

function ValueField({
  label,
  choices,
  isNumber,
  value,
  onChange,
}: {
  readonly label: string
  readonly choices: readonly string[] | undefined
  readonly isNumber: boolean
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  const { t } = useTranslation()
  if (choices)
    return (
      <Select
        size="xs"
        w={150}
        label={label}
        clearable
        placeholder={t('unknown')}
        value={value === '' ? null : value}
        data={[...choices]}
        onChange={(next) => onChange(next ?? '')}
      />
    )
  if (isNumber)
    return (
      <NumberInput
        size="xs"
        w={150}
        label={label}
        placeholder={t('unknown')}
        value={value}
        onChange={(next) => onChange(String(next))}
      />
    )
  return (
    <TextInput
      size="xs"
      w={150}
      label={label}
      placeholder={t('unknown')}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  )
}

/** Scores with the lines that add up to them, and levels beside what the live version says. */
function Outcome({
  answer: { explanation, before },
  definition,
}: {
  readonly answer: TryAnswer
  readonly definition: Definition
}) {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  const say = useSay()
  const { assessment, contributions } = explanation
  const counted = contributions.filter(({ points, outcome }) => points !== 0 || outcome === 'unknown')
  return (
    <Stack gap="xs" data-testid="tried">
      <Group gap="xs">
        {Object.entries(assessment.levels).map(([category, level]) => {
          const was = before?.levels[category]
          return (
            <Badge key={category} variant={was !== undefined && was !== level ? 'filled' : 'light'} tt="none">
              {definition.categories?.[category]?.label ?? category}:{' '}
              {was !== undefined && was !== level ? `${was} → ` : ''}
              {level}
            </Badge>
          )
        })}
        <Badge variant="default" tt="none">
          {t('try.stage')}: {assessment.stage.id}
        </Badge>
      </Group>
      {Object.entries(assessment.scores).map(([score, points]) => (
        <div key={score}>
          <Text size="sm" fw={600} className="tabular">
            {definition.scores?.[score]?.label ?? score}: {formats.number(points)}
            {before && before.scores[score] !== undefined && before.scores[score] !== points && (
              <Text span inherit c="dimmed">
                {' '}
                ({t('try.live')}: {formats.number(before.scores[score])})
              </Text>
            )}
          </Text>
          <Table fz="xs" verticalSpacing={2} aria-label={score}>
            <Table.Tbody>
              {counted
                .filter((line) => line.score === score)
                .map((line) => (
                  <Table.Tr key={`${line.group} ${line.criterion ?? ''} ${line.because}`}>
                    <Table.Td ta="right" w={54} className="tabular">
                      {formats.points(line.points)}
                    </Table.Td>
                    <Table.Td>{line.criterion?.replaceAll('_', ' ') ?? line.group}</Table.Td>
                    <Table.Td c="dimmed">{say(line.phrase)}</Table.Td>
                  </Table.Tr>
                ))}
            </Table.Tbody>
          </Table>
        </div>
      ))}
    </Stack>
  )
}
