/** What can be known and what can happen, each with how much of it there is. */
import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../app/format.ts'
import { useEditor, type Inputs } from '../editor/context.ts'
import { valueIn } from '../../../app/yaml-text.ts'
import { AddNamed, Box, labelled, OpeningRow, PartMenu } from './box.tsx'
import { ChoiceField, ChoicesField, TextField } from './fields.tsx'
import classes from './form.module.css'
import { asName, entriesOf, freeName, isMap, labelOf } from './names.ts'
import { WhereField } from './operators.tsx'
import { WordsField } from './values.tsx'

type AttributeInput = Inputs['attributes'][number]
const TYPES = ['text', 'number', 'boolean', 'choice', 'choices', 'date'] as const

export function AttributesPart() {
  const { t } = useTranslation('definition')
  const { document, set, inputs, mayWrite } = useEditor()
  const attributes = entriesOf(document['attributes'])
  const names = attributes.map(([name]) => name)
  const others = (inputs?.attributes ?? []).filter(({ name, known }) => known > 0 && !names.includes(name))
  return (
    <>
      <Box title={t('areas.attributes')}>
        {attributes.map(([name, attribute]) => (
          <AttributeRow key={name} name={name} attribute={attribute} />
        ))}
        <AddNamed
          label={t('attributes.add')}
          taken={names}
          add={(name, typed) => set(['attributes', name], { type: 'text', ...labelled(name, typed) })}
        />
      </Box>
      {others.length > 0 && (
        <Box
          title={t('attributes.others')}
          beside={
            <Text size="xs" c="dimmed">
              {t('attributes.othersSaid')}
            </Text>
          }
        >
          {others.map((input) => (
            <Group key={`${input.about} ${input.name}`} gap="sm" className={classes.row} wrap="nowrap">
              <Text size="sm" flex={1} truncate>
                {input.name}
              </Text>
              <Known input={input} />
              {mayWrite && /^[a-z][a-z0-9_]*$/.test(input.name) && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onClick={() => set(['attributes', input.name], guessed(input))}
                >
                  {t('form.add')}
                </Button>
              )}
            </Group>
          ))}
        </Box>
      )}
    </>
  )
}

/** What leads have tells what it is: few values make a choice. */
function guessed({ types, values, distinct, about }: AttributeInput): Record<string, unknown> {
  const [most = 'text'] = Object.entries(types).toSorted(([, a], [, b]) => b - a)[0] ?? []
  const whose = about === 'account' ? { about } : {}
  if (most === 'number' || most === 'boolean') return { type: most, ...whose }
  const isChoice = distinct > 0 && distinct <= 12 && values.length === distinct
  if (!isChoice)
    return {
      type: most === 'list' ? 'choices' : 'text',
      ...(most === 'list' && { of: values.map(({ value }) => String(value)) }),
      ...whose,
    }
  return { type: most === 'list' ? 'choices' : 'choice', of: values.map(({ value }) => String(value)), ...whose }
}

/** How many of all leads (or accounts) have it. */
function Known({ input }: { readonly input: AttributeInput | undefined }) {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  const { inputs } = useEditor()
  if (inputs === undefined || input === undefined) return null
  const all = input.about === 'account' ? inputs.accounts : inputs.leads
  const share = all === 0 ? 0 : Math.min(1, input.known / all)
  return (
    <Group gap={6} wrap="nowrap" style={{ flex: 'none' }}>
      <span className={classes.known} aria-hidden>
        <span style={{ width: `${share * 100}%` }} />
      </span>
      <Text size="xs" c="dimmed" className="tabular">
        {t('attributes.known', { share: formats.percent(share) })}
      </Text>
    </Group>
  )
}

function AttributeRow({ name, attribute }: { readonly name: string; readonly attribute: unknown }) {
  const { t } = useTranslation('definition')
  const { inputs } = useEditor()
  const path = ['attributes', name]
  const label = labelOf(name, attribute)
  const about = valueIn(attribute, ['about']) === 'account' ? 'account' : 'lead'
  const type = String(valueIn(attribute, ['type']))
  const input = inputs?.attributes.find((each) => each.name === name && each.about === about)
  const isChoice = type === 'choice' || type === 'choices'
  return (
    <OpeningRow
      label={t('form.open', { name: label })}
      sentence={
        <>
          <b>{label}</b>{' '}
          <Text span inherit c="dimmed">
            {TYPES.some((each) => each === type) ? t(`attributes.types.${type as 'text'}`) : type}
            {about === 'account' && ` · ${t('attributes.ofAccount')}`}
          </Text>
        </>
      }
      beside={
        <>
          <Known input={input} />
          <PartMenu path={path} name={label} part={{ kind: 'attribute', name }} />
        </>
      }
    >
      <Stack gap="xs">
        <Group gap="xs" align="end">
          <TextField path={[...path, 'label']} label={t('form.label')} placeholder={label} w={200} />
          <ChoiceField
            path={[...path, 'type']}
            label={t('attributes.type')}
            choices={TYPES.map((value) => ({ value, label: t(`attributes.types.${value}`) }))}
            w={150}
          />
          <ChoiceField
            path={[...path, 'about']}
            label={t('attributes.about')}
            none={t('attributes.lead')}
            choices={[{ value: 'account', label: t('attributes.account') }]}
            w={140}
          />
          {type === 'number' && <TextField path={[...path, 'unit']} label={t('attributes.unit')} w={90} />}
        </Group>
        {isChoice && <WordsField path={[...path, 'of']} label={t('attributes.values')} />}
        <Group gap="xs" align="end">
          <TextField path={[...path, 'question']} label={t('attributes.question')} w={360} />
          <TextField path={[...path, 'answers']} label={t('attributes.topic')} w={140} />
          <ChoiceField
            path={[...path, 'sensitive']}
            label={t('attributes.sensitive')}
            none={t('attributes.notSensitive')}
            choices={(['personal', 'protected'] as const).map((value) => ({ value, label: t(`attributes.${value}`) }))}
            w={180}
          />
        </Group>
        {input && input.values.length > 0 && (
          <Group gap={4}>
            {input.values.slice(0, 12).map(({ value, count }) => (
              <Badge key={String(value)} variant="default" size="sm" tt="none" fw={400}>
                {String(value)} · {count}
              </Badge>
            ))}
          </Group>
        )}
      </Stack>
    </OpeningRow>
  )
}

// --- Activities ------------------------------------------------------------------------------------------------------

const INTENTS = ['high', 'medium', 'low', 'negative'] as const

export function ActivitiesPart() {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  const { document, set, inputs, mayWrite } = useEditor()
  const activities = entriesOf(document['activities'])
  const names = activities.map(([name]) => name)
  const used = new Set(activities.flatMap(([, activity]) => [valueIn(activity, ['from'])].flat().map(String)))
  const events = inputs?.activities ?? []
  const others = events.filter(({ type, count }) => count > 0 && !used.has(type))
  return (
    <>
      <Box
        title={t('areas.activities')}
        beside={
          <Text size="xs" c="dimmed">
            {t('activities.said')}
          </Text>
        }
      >
        {activities.map(([name, activity]) => (
          <ActivityRow key={name} name={name} activity={activity} />
        ))}
        <AddNamed
          label={t('activities.add')}
          taken={names}
          add={(name, typed) =>
            set(['activities', name], { from: events[0]?.type ?? 'page', ...labelled(name, typed) })
          }
        />
      </Box>
      {others.length > 0 && (
        <Box title={t('activities.others')}>
          {others.map(({ type, count, leads }) => (
            <Group key={type} gap="sm" className={classes.row} wrap="nowrap">
              <Text size="sm" flex={1} truncate>
                {type}
              </Text>
              <Text size="xs" c="dimmed" className="tabular">
                {t('activities.often', { count, times: formats.number(count), leads: formats.number(leads) })}
              </Text>
              {mayWrite && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onClick={() => set(['activities', freeName(asName(type), names)], { from: type })}
                >
                  {t('form.add')}
                </Button>
              )}
            </Group>
          ))}
        </Box>
      )}
    </>
  )
}

function ActivityRow({ name, activity }: { readonly name: string; readonly activity: unknown }) {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  const { inputs } = useEditor()
  const path = ['activities', name]
  const label = labelOf(name, activity)
  const from = [valueIn(activity, ['from'])].flat().map(String)
  const events = inputs?.activities ?? []
  const count = events.filter(({ type }) => from.includes(type)).reduce((sum, each) => sum + each.count, 0)
  const intent = INTENTS.find((each) => each === valueIn(activity, ['intent']))
  const hasTests = isMap(activity) && activity['where'] !== undefined
  return (
    <OpeningRow
      label={t('form.open', { name: label })}
      sentence={
        <>
          <b>{label}</b>{' '}
          <Text span inherit c="dimmed">
            {from.join(', ')}
            {intent && ` · ${t(`activities.intents.${intent}`)}`}
          </Text>
        </>
      }
      beside={
        <>
          {inputs && (
            <Text size="xs" c="dimmed" className="tabular" style={{ flex: 'none' }}>
              {t(hasTests ? 'activities.atMost' : 'activities.times', { count, times: formats.number(count) })}
            </Text>
          )}
          <PartMenu path={path} name={label} part={{ kind: 'activity', name }} />
        </>
      }
    >
      <Stack gap="xs">
        <Group gap="xs" align="end">
          <TextField path={[...path, 'label']} label={t('form.label')} placeholder={label} w={200} />
          <ChoicesField
            path={[...path, 'from']}
            label={t('activities.from')}
            isSingle
            choices={events.map(({ type }) => ({ value: type, label: type }))}
            w={240}
          />
          <ChoiceField
            path={[...path, 'intent']}
            label={t('activities.intent')}
            none="–"
            choices={INTENTS.map((value) => ({ value, label: t(`activities.intents.${value}`) }))}
            w={150}
          />
        </Group>
        <WhereField path={[...path, 'where']} />
      </Stack>
    </OpeningRow>
  )
}
