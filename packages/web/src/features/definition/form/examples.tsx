/** The definition's own tests: made-up leads as sentences, each of which opens to its fields. */
import { Button, Group, Menu, MultiSelect, Select, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor/context.ts'
import { valueIn, type Path } from '../../../app/yaml-text.ts'
import { Box, OpeningRow, PartMenu } from './box.tsx'
import { knownValues } from './condition.tsx'
import { FACT_KINDS, factKind, factSentence, type FactKind } from './example-words.ts'
import { ChoiceField, ChoicesField, DurationField, NumberField, TextField, type Choice } from './fields.tsx'
import { choicesIn, entriesOf, freeName, isMap, levelChoices, listOf, stageChoices, textOf } from './names.ts'
import { Snippet } from './snippet.tsx'
import { NumberValue, RemoveButton, ScalarValue, TextValue, WordsValue, YesNoValue, type Scalar } from './values.tsx'

export function ExamplesPart() {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const examples = listOf(document['examples'])
  const names = examples.map((example, at) => textOf(valueIn(example, ['name']) ?? at))
  const stage = stageChoices(document)[0]?.value ?? 'lead'
  return (
    <Box
      title={t('areas.examples')}
      beside={
        <Text size="xs" c="dimmed">
          {t('examples.said')}
        </Text>
      }
    >
      {names.map((name, at) => (
        <OpeningRow
          // oxlint-disable-next-line react/no-array-index-key -- names of examples may repeat
          key={at}
          label={t('form.open', { name })}
          sentence={name}
          beside={<PartMenu path={['examples', at]} name={name} />}
        >
          <Stack gap="sm">
            <TextField path={['examples', at, 'name']} label={t('examples.name')} />
            <TextField path={['examples', at, 'as_of']} label={t('examples.asOf')} w={230} />
            <Facts path={['examples', at, 'facts']} />
            <Expected path={['examples', at, 'expect']} />
          </Stack>
        </OpeningRow>
      ))}
      {mayWrite && (
        <Button
          mt="xs"
          size="compact-sm"
          variant="default"
          onClick={() =>
            set(['examples', examples.length], {
              name: freeName(t('examples.new'), names),
              as_of: '2026-01-05T09:00:00Z',
              facts: [],
              expect: { stage },
            })
          }
        >
          {t('examples.add')}
        </Button>
      )}
    </Box>
  )
}

// --- Facts -----------------------------------------------------------------------------------------------------------

function Facts({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document, set, inputs, mayWrite } = useEditor()
  const facts = listOf(valueIn(document, path))
  const attribute = choicesIn(document, 'attributes')[0]?.value ?? 'role'
  const fresh: Readonly<Record<FactKind, unknown>> = {
    attributes: { attributes: { [attribute]: firstValue(valueIn(document, ['attributes', attribute])) }, ago: '2d' },
    activity: { activity: inputs?.activities[0]?.type ?? 'page', ago: '1d' },
    account: { account: 'company.example', ago: '3d' },
    decision: { decision: 'accept', ago: '1d' },
    forget: { forget: [attribute], ago: '1d' },
  }
  return (
    <div>
      <Text size="xs" fw={600} mb={2}>
        {t('examples.facts')}
      </Text>
      {facts.map((fact, at) => {
        const sentence = factSentence(fact, document, t)
        return (
          <OpeningRow
            // oxlint-disable-next-line react/no-array-index-key -- a fact has no name but its place
            key={at}
            label={t('form.open', { name: sentence })}
            sentence={sentence}
            beside={
              <RemoveButton
                label={t('form.remove', { name: sentence })}
                remove={() => set(path, facts.toSpliced(at, 1))}
              />
            }
          >
            <FactFields path={[...path, at]} fact={fact} />
          </OpeningRow>
        )
      })}
      {mayWrite && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={12} />}>
              {t('examples.addFact')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {FACT_KINDS.map((kind) => (
              <Menu.Item key={kind} onClick={() => set([...path, facts.length], fresh[kind])}>
                {t(`examples.kinds.${kind}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  )
}

/** Something that an attribute may be. */
function firstValue(attribute: unknown): unknown {
  const of = listOf(valueIn(attribute, ['of']))
  switch (valueIn(attribute, ['type'])) {
    case 'number':
      return 10
    case 'boolean':
      return true
    case 'choice':
      return of[0] ?? 'a'
    case 'choices':
      return of.slice(0, 1)
    case 'date':
      return '2026-01-01'
    default:
      return 'a'
  }
}

function FactFields({ path, fact }: { readonly path: Path; readonly fact: unknown }) {
  const { t } = useTranslation('definition')
  const { document } = useEditor()
  const kind = factKind(fact)
  if (kind === undefined) return <Snippet path={path} />
  return (
    <Stack gap="xs">
      {kind === 'attributes' && <Known path={[...path, 'attributes']} />}
      {kind === 'forget' && (
        <ChoicesField
          path={[...path, 'forget']}
          choices={choicesIn(document, 'attributes')}
          label={t('examples.kinds.forget')}
          w={320}
        />
      )}
      {kind === 'account' && <TextField path={[...path, 'account']} label={t('examples.kinds.account')} w={260} />}
      {kind === 'activity' && <HappenedFields path={path} />}
      {kind === 'decision' && <DecidedFields path={path} fact={fact} />}
      <WhenFields path={path} fact={fact} />
    </Stack>
  )
}

const TIMES = ['ago', 'at', 'same'] as const

function WhenFields({ path, fact }: { readonly path: Path; readonly fact: unknown }) {
  const { t } = useTranslation('definition')
  const { set, mayWrite } = useEditor()
  const time =
    isMap(fact) && Object.hasOwn(fact, 'at') ? 'at' : isMap(fact) && Object.hasOwn(fact, 'ago') ? 'ago' : 'same'
  const change = (next: (typeof TIMES)[number]) => {
    const { ago: _, at: __, ...rest } = fact as Record<string, unknown>
    set(path, { ...rest, ...{ ago: { ago: '1d' }, at: { at: '2026-01-01T09:00:00Z' }, same: {} }[next] })
  }
  return (
    <Group gap="xs" align="end">
      <Select
        size="xs"
        w={170}
        label={t('examples.when')}
        value={time}
        disabled={!mayWrite}
        data={TIMES.map((value) => ({ value, label: t(`examples.whens.${value}`) }))}
        onChange={(next) => next !== null && next !== time && change(next)}
      />
      {time === 'ago' && <DurationField path={[...path, 'ago']} aria-label={t('examples.whens.ago')} w={80} />}
      {time === 'at' && <TextField path={[...path, 'at']} aria-label={t('examples.whens.at')} w={190} />}
      <TextField path={[...path, 'lead']} label={t('examples.lead')} placeholder={t('examples.theLead')} w={170} />
    </Group>
  )
}

/** Attributes and what they became. */
function Known({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document, set } = useEditor()
  const choices = choicesIn(document, 'attributes')
  return (
    <Entries
      path={path}
      choices={choices}
      addLabel={t('attributes.add')}
      add={(name) => firstValue(valueIn(document, ['attributes', name]))}
    >
      {(name, label) => (
        <AttributeValue
          attribute={name}
          label={label}
          value={valueIn(document, [...path, name])}
          write={(value) => set([...path, name], value)}
        />
      )}
    </Entries>
  )
}

function AttributeValue({
  attribute,
  label,
  value,
  write,
}: {
  readonly attribute: string
  readonly label: string
  readonly value: unknown
  readonly write: (value: unknown) => void
}) {
  const editor = useEditor()
  const known = knownValues(editor, attribute)
  const isChoice = listOf(valueIn(editor.document, ['attributes', attribute, 'of'])).length > 0
  if (Array.isArray(value)) return <WordsValue value={value.map(String)} write={write} label={label} known={known} />
  if (typeof value === 'number') return <NumberValue value={value} write={write} label={label} w={120} />
  if (typeof value === 'boolean') return <YesNoValue value={value} write={write} label={label} />
  if (!isChoice) return <TextValue value={textOf(value)} write={write} label={label} w={200} />
  return (
    <Select
      size="xs"
      w={200}
      aria-label={label}
      value={textOf(value)}
      disabled={!editor.mayWrite}
      data={[...new Set([...known, textOf(value)])]}
      onChange={(next) => next !== null && write(next)}
    />
  )
}

function HappenedFields({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document, set, inputs, mayWrite } = useEditor()
  const properties = entriesOf(valueIn(document, [...path, 'properties']))
  const names = properties.map(([name]) => name)
  const events = (inputs?.activities ?? []).map(({ type }) => ({ value: type, label: type }))
  const write = (next: readonly (readonly [string, unknown])[]) =>
    set([...path, 'properties'], next.length === 0 ? undefined : Object.fromEntries(next))
  return (
    <>
      <Group gap="xs" align="end">
        {events.length > 0 ? (
          <ChoiceField path={[...path, 'activity']} choices={events} label={t('examples.kinds.activity')} w={200} />
        ) : (
          <TextField path={[...path, 'activity']} label={t('examples.kinds.activity')} w={200} />
        )}
        <NumberField path={[...path, 'times']} label={t('examples.howOften')} placeholder="1" />
      </Group>
      {properties.map(([name, value], at) => (
        <Group key={name} gap="xs">
          <TextValue
            value={name}
            write={(next) => next !== '' && !names.includes(next) && write(properties.with(at, [next, value]))}
            label={t('condition.property')}
            w={130}
          />
          <ScalarValue
            value={value as Scalar}
            write={(next) => set([...path, 'properties', name], next)}
            label={name}
          />
          <RemoveButton label={t('form.remove', { name })} remove={() => write(properties.toSpliced(at, 1))} />
        </Group>
      ))}
      {mayWrite && (
        <div>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPlus size={12} />}
            onClick={() => write([...properties, [freeName('path', names), '/']])}
          >
            {t('examples.addProperty')}
          </Button>
        </div>
      )}
    </>
  )
}

const DECISIONS = ['accept', 'qualify', 'win', 'reject', 'recycle', 'disqualify', 'lose'] as const

function DecidedFields({ path, fact }: { readonly path: Path; readonly fact: unknown }) {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const decision = textOf(valueIn(fact, ['decision']))
  const isOverride = decision === 'override'
  const isOfStage = isMap(fact) && Object.hasOwn(fact, 'stage')
  const category = textOf(valueIn(fact, ['category']))
  const first = choicesIn(document, 'categories')[0]?.value ?? 'quality'
  const { category: _, level: __, until: ___, stage: ____, amount: _____, ...plain } = fact as Record<string, unknown>
  const ofCategory = (name: string) => ({ category: name, level: levelChoices(document, name)[0]?.value ?? 'high' })
  const change = (next: string) =>
    set(path, { ...plain, decision: next, ...(next === 'override' && ofCategory(first)) })
  return (
    <>
      <Group gap="xs" align="end">
        <Select
          size="xs"
          w={170}
          label={t('examples.kinds.decision')}
          value={decision}
          disabled={!mayWrite}
          data={[
            ...DECISIONS.map((value) => ({ value: value as string, label: t(`stages.decisions.${value}`) })),
            { value: 'override', label: t('examples.override') },
          ]}
          onChange={(next) => next !== null && next !== decision && change(next)}
        />
        {decision === 'win' && <NumberField path={[...path, 'amount']} label={t('value.amount')} w={120} />}
        <TextField path={[...path, 'reason']} label={t('examples.reason')} w={220} />
      </Group>
      {isOverride && (
        <Group gap="xs" align="end">
          <Select
            size="xs"
            w={190}
            label={t('examples.overrideOf')}
            value={isOfStage ? '' : category}
            disabled={!mayWrite}
            data={[{ value: '', label: t('condition.stage') }, ...choicesIn(document, 'categories')]}
            onChange={(next) => {
              if (next === null) return
              const to = next === '' ? { stage: stageChoices(document)[0]?.value ?? 'lead' } : ofCategory(next)
              set(path, { ...plain, ...to })
            }}
          />
          {isOfStage ? (
            <ChoiceField
              path={[...path, 'stage']}
              choices={stageChoices(document)}
              label={t('examples.overrideTo')}
              w={150}
            />
          ) : (
            <>
              <ChoiceField
                path={[...path, 'level']}
                choices={levelChoices(document, category)}
                label={t('examples.overrideTo')}
                w={150}
              />
              <TextField path={[...path, 'until']} label={t('examples.until')} placeholder="–" w={130} />
            </>
          )}
        </Group>
      )}
    </>
  )
}

// --- What must come out ----------------------------------------------------------------------------------------------

/** Entries of a map, by what they are of; more are chosen from what there is. */
function Entries({
  path,
  title,
  choices,
  addLabel,
  add,
  children,
}: {
  readonly path: Path
  readonly title?: string
  readonly choices: readonly Choice[]
  readonly addLabel: string
  readonly add: (name: string) => unknown
  readonly children: (name: string, label: string) => ReactNode
}) {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const names = entriesOf(valueIn(document, path)).map(([name]) => name)
  const free = choices.filter(({ value }) => !names.includes(value))
  const labelOfChoice = (name: string) => choices.find(({ value }) => value === name)?.label ?? name
  return (
    <Stack gap={4}>
      {title !== undefined && (
        <Text size="xs" c="dimmed">
          {title}
        </Text>
      )}
      {names.map((name) => (
        <Group key={name} gap="xs" wrap="nowrap">
          <Text size="xs" w={120} style={{ overflowWrap: 'anywhere' }}>
            {labelOfChoice(name)}
          </Text>
          {children(name, labelOfChoice(name))}
          <RemoveButton
            label={t('form.remove', { name: labelOfChoice(name) })}
            remove={() => set(names.length === 1 ? path : [...path, name], undefined)}
          />
        </Group>
      ))}
      {mayWrite && free.length > 0 && (
        <Select
          size="xs"
          w={200}
          aria-label={addLabel}
          placeholder={addLabel}
          value={null}
          data={[...free]}
          searchable
          onChange={(name) => name !== null && set([...path, name], add(name))}
        />
      )}
    </Stack>
  )
}

function Expected({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const expect = valueIn(document, path)
  const personas = valueIn(expect, ['personas'])
  const criteria = entriesOf(document['scores']).flatMap(([, score]) =>
    entriesOf(valueIn(score, ['groups'])).flatMap(([, group]) =>
      listOf(valueIn(group, ['criteria'])).map((criterion) => {
        const id = textOf(valueIn(criterion, ['id']))
        return { value: id, label: textOf(valueIn(criterion, ['label'])) || id }
      }),
    ),
  )
  const numbers = (key: 'scores' | 'points', choices: readonly Choice[]) => (
    <Entries
      path={[...path, key]}
      title={t(key === 'scores' ? 'areas.scores' : 'examples.points')}
      choices={choices}
      addLabel={t(`examples.add_${key}`)}
      add={() => 0}
    >
      {(name, label) => <NumberField path={[...path, key, name]} isNeeded aria-label={label} />}
    </Entries>
  )
  return (
    <div>
      <Text size="xs" fw={600} mb={4}>
        {t('examples.expect')}
      </Text>
      <Stack gap="xs">
        {numbers('scores', choicesIn(document, 'scores'))}
        {numbers('points', criteria)}
        <Entries
          path={[...path, 'levels']}
          title={t('areas.categories')}
          choices={choicesIn(document, 'categories')}
          addLabel={t('examples.add_levels')}
          add={(category) => levelChoices(document, category)[0]?.value ?? 'high'}
        >
          {(category, label) => (
            <ChoiceField
              path={[...path, 'levels', category]}
              choices={levelChoices(document, category)}
              aria-label={label}
              w={160}
            />
          )}
        </Entries>
        <Group gap="xs" align="end">
          <ChoiceField
            path={[...path, 'stage']}
            choices={stageChoices(document)}
            none="–"
            label={t('condition.stage')}
            w={150}
          />
          <NumberField path={[...path, 'value']} label={t('areas.value')} placeholder="–" w={110} />
          <MultiSelect
            size="xs"
            w={240}
            label={t('examples.personas')}
            placeholder={personas === undefined ? '–' : t('examples.noPersona')}
            value={listOf(personas).map(textOf)}
            disabled={!mayWrite}
            data={choicesIn(document, 'personas')}
            clearable
            onChange={(next) => set([...path, 'personas'], next)}
            onClear={() => set([...path, 'personas'], undefined)}
          />
        </Group>
      </Stack>
    </div>
  )
}
