/** Conditions of every kind, part by part; a part that says more than the fields can show is shown as it is written. */
import { ActionIcon, Group, Menu, Select, Stack, Text } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { conditionInWords } from '@winnow/engine'
import { useTranslation } from 'react-i18next'
import { useEditor, type Editor } from '../editor/context.ts'
import { valueIn, type Path } from '../../../app/yaml-text.ts'
import { ChoiceField, ChoicesField, DurationField, NumberField, TextField } from './fields.tsx'
import classes from './form.module.css'
import { choicesIn, entriesOf, isMap, levelChoices, listOf, stageChoices, topicChoices } from './names.ts'
import { AttributeTests, Compared, WhereField } from './operators.tsx'
import { Snippet } from './snippet.tsx'

/** A condition as a sentence; undefined where it is not one (yet). */
export function wordsOf({ definition }: Editor, condition: unknown): string | undefined {
  if (definition === undefined) return undefined
  try {
    return conditionInWords(definition, condition as never)
  } catch {
    return undefined
  }
}

const KINDS = ['attribute', 'activity', 'score', 'category', 'persona', 'stage', 'answers', 'account', 'leads'] as const
const JOINTS = ['all', 'any', 'not', 'of'] as const
type Kind = (typeof KINDS)[number] | (typeof JOINTS)[number]

export const kindOf = (condition: unknown): Kind | undefined =>
  isMap(condition) ? [...JOINTS, ...KINDS].find((kind) => Object.hasOwn(condition, kind)) : undefined

/** A new condition of a kind, about the first thing there is of that kind. */
function fresh(kind: Kind, { document }: Editor): unknown {
  const first = (section: string) => choicesIn(document, section)[0]?.value ?? 'name'
  const known = { attribute: first('attributes'), known: true }
  switch (kind) {
    case 'attribute':
      return known
    case 'activity':
      return { activity: first('activities'), within: '30d' }
    case 'score':
      return { score: first('scores'), at_least: 50 }
    case 'category': {
      const category = first('categories')
      return { category, is: levelChoices(document, category)[0]?.value ?? 'high' }
    }
    case 'persona':
      return { persona: first('personas') }
    case 'stage':
      return { stage: stageChoices(document)[0]?.value ?? 'lead' }
    case 'answers':
      return { answers: topicChoices(document).map(({ value }) => value), at_least: 1 }
    case 'account':
      return { account: known }
    case 'leads':
      return { leads: { at_least: 2 }, when: known }
    case 'not':
      return { not: known }
    case 'of':
      return { of: [known], at_least: 1 }
    case 'all':
    case 'any':
      return { [kind]: [known] }
  }
}

export function AddCondition({
  path,
  label,
  joins,
}: {
  readonly path: Path
  readonly label: string
  readonly joins?: 'all' | 'any'
}) {
  const { t } = useTranslation('definition')
  const editor = useEditor()
  if (!editor.mayWrite) return null
  const add = (kind: Kind) => {
    const made = fresh(kind, editor)
    const before = valueIn(editor.document, path)
    editor.set(path, joins !== undefined && before !== undefined ? { [joins]: [before, made] } : made)
  }
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <ActionIcon.Group>
          <ActionIcon variant="subtle" size="sm" w="auto" px={8} aria-label={label}>
            <IconPlus size={13} />
            <Text size="xs" ml={4}>
              {label}
            </Text>
          </ActionIcon>
        </ActionIcon.Group>
      </Menu.Target>
      <Menu.Dropdown>
        {KINDS.map((kind) => (
          <Menu.Item key={kind} onClick={() => add(kind)}>
            {t(`condition.kinds.${kind}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {JOINTS.map((kind) => (
          <Menu.Item key={kind} onClick={() => add(kind)}>
            {t(`condition.kinds.${kind}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** @param isOptional  it may be taken out */
export function ConditionField({
  path,
  label,
  isOptional = false,
}: {
  readonly path: Path
  readonly label: string
  readonly isOptional?: boolean
}) {
  const { t } = useTranslation('definition')
  const editor = useEditor()
  const condition = valueIn(editor.document, path)
  if (condition === undefined) return <AddCondition path={path} label={t('condition.addTo', { what: label })} />
  return (
    <fieldset className={classes.condition}>
      <legend>{label}</legend>
      <Text size="xs" c="dimmed" lang="en" mb={6}>
        {wordsOf(editor, condition) ?? ''}
      </Text>
      <ConditionPart path={path} remove={isOptional ? () => editor.set(path, undefined) : undefined} />
      <AddCondition path={path} label={t('condition.and')} joins="all" />
    </fieldset>
  )
}

interface PartProps {
  readonly path: Path
  readonly remove: (() => void) | undefined
}

function ConditionPart({ path, remove }: PartProps) {
  const { t } = useTranslation('definition')
  const { document, mayWrite } = useEditor()
  const condition = valueIn(document, path)
  const kind = kindOf(condition)
  const Fields = kind === undefined || !canShow(kind, condition) ? undefined : FIELDS[kind]
  return (
    <div className={classes.part}>
      <div style={{ flex: 1, minWidth: 0 }}>{Fields ? <Fields path={path} /> : <Snippet path={path} />}</div>
      {remove && mayWrite && (
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('condition.remove')} onClick={remove}>
          <IconTrash size={14} />
        </ActionIcon>
      )}
    </div>
  )
}

// --- Joined ----------------------------------------------------------------------------------------------------------

function Joined({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const editor = useEditor()
  const condition = valueIn(editor.document, path)
  const kind = kindOf(condition) as 'all' | 'any' | 'of'
  const parts = listOf(valueIn(editor.document, [...path, kind]))
  const change = (next: string | null) => {
    if (next === null || next === kind) return
    editor.set(path, { [next]: parts, ...(next === 'of' && { at_least: 1 }) })
  }
  const remove = (at: number) => {
    // What is left of two stands for itself.
    if (parts.length === 2 && kind !== 'of') editor.set(path, parts[1 - at])
    else editor.set([...path, kind, at], undefined)
  }
  return (
    <Stack gap={6}>
      <Group gap="xs">
        <Select
          size="xs"
          w={180}
          aria-label={t('condition.joint')}
          value={kind}
          disabled={!editor.mayWrite}
          data={(['all', 'any', 'of'] as const).map((value) => ({ value, label: t(`condition.joints.${value}`) }))}
          onChange={change}
        />
        {kind === 'of' && <NumberField path={[...path, 'at_least']} isNeeded aria-label={t('condition.howMany')} />}
      </Group>
      <div className={classes.nested}>
        {parts.map((_, at) => (
          <ConditionPart
            // oxlint-disable-next-line react/no-array-index-key -- a part has no name but its place
            key={at}
            path={[...path, kind, at]}
            remove={parts.length > 1 ? () => remove(at) : undefined}
          />
        ))}
        <AddCondition path={[...path, kind, parts.length]} label={t('condition.add')} />
      </div>
    </Stack>
  )
}

function Wrapped({ path, step, words }: { readonly path: Path; readonly step: string; readonly words: string }) {
  return (
    <div>
      <Text size="xs" mb={4}>
        {words}
      </Text>
      <div className={classes.nested}>
        <ConditionPart path={[...path, step]} remove={undefined} />
      </div>
    </div>
  )
}

function Not({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  return <Wrapped path={path} step="not" words={t('condition.notSo')} />
}

function Account({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  return <Wrapped path={path} step="account" words={t('condition.atAccount')} />
}

function Leads({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  return (
    <Stack gap={6}>
      <Group gap="xs">
        <Text size="xs">{t('condition.leadsOfAccount')}</Text>
        <Compared path={[...path, 'leads']} />
      </Group>
      <Wrapped path={path} step="when" words={t('condition.ofWhom')} />
    </Stack>
  )
}

// --- What can be shown -----------------------------------------------------------------------------------------------

const restOf = (condition: unknown, ...subjects: readonly string[]): readonly string[] =>
  entriesOf(condition).flatMap(([key]) => (subjects.includes(key) ? [] : [key]))

/** Whether the fields show all that a condition says; the parser says what is missing in it. */
function canShow(kind: Kind, condition: unknown): boolean {
  if (!isMap(condition)) return false
  switch (kind) {
    case 'attribute':
      return restOf(condition, kind).length > 0
    case 'activity':
      return restOf(condition, kind, 'within', 'where').length <= 1
    case 'category':
      return restOf(condition, kind, 'for_at_least').length === 1
    case 'all':
    case 'any':
    case 'of':
      return Array.isArray(condition[kind]) && condition[kind].length > 0
    default:
      return true
  }
}

// --- Tests -----------------------------------------------------------------------------------------------------------

function AttributeTestFields({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const editor = useEditor()
  const name = String(valueIn(editor.document, [...path, 'attribute']))
  return (
    <Group gap="xs" align="flex-start">
      <Select
        size="xs"
        w={170}
        searchable
        aria-label={t('condition.attribute')}
        value={name}
        disabled={!editor.mayWrite}
        data={ownAnd(choicesIn(editor.document, 'attributes'), name)}
        onChange={(next) => next !== null && next !== name && editor.set(path, { attribute: next, known: true })}
      />
      <AttributeTests
        path={path}
        type={valueIn(editor.document, ['attributes', name, 'type'])}
        known={knownValues(editor, name)}
      />
    </Group>
  )
}

const ownAnd = (choices: readonly { value: string; label: string }[], own: string) =>
  choices.some(({ value }) => value === own) ? [...choices] : [...choices, { value: own, label: own }]

/** Values that an attribute may have, or that leads do have. */
export function knownValues({ document, inputs }: Editor, attribute: string): readonly string[] {
  const own = listOf(valueIn(document, ['attributes', attribute, 'of'])).map(String)
  if (own.length > 0) return own
  const seen = inputs?.attributes.find(({ name }) => name === attribute)?.values ?? []
  return seen.map(({ value }) => String(value))
}

const MEASURES = [
  'ever',
  'never',
  'count',
  'distinct_days',
  'sum',
  'average',
  'last_within',
  'last_longer',
  'trend',
] as const
type Measure = (typeof MEASURES)[number]

function measureOf(test: unknown): Measure {
  if (!isMap(test)) return 'ever'
  if (isMap(test['last'])) return Object.hasOwn(test['last'], 'within') ? 'last_within' : 'last_longer'
  return MEASURES.find((measure) => Object.hasOwn(test, measure)) ?? 'ever'
}

const FRESH_MEASURES: Readonly<Record<Measure, Record<string, unknown>>> = {
  ever: {},
  never: { never: true },
  count: { count: { at_least: 2 } },
  distinct_days: { distinct_days: { at_least: 2 } },
  sum: { sum: { of: 'minutes', at_least: 60 } },
  average: { average: { of: 'minutes', at_least: 10 } },
  last_within: { last: { within: '14d' } },
  last_longer: { last: { longer_ago_than: '30d' } },
  trend: { within: '7d', trend: { against: '28d', at_least: 2 } },
}

function ActivityTestFields({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const test = valueIn(document, path)
  const measure = measureOf(test)
  const isLast = measure === 'last_within' || measure === 'last_longer'
  const change = (next: Measure) => {
    const { activity, within, where } = test as Record<string, unknown>
    set(path, {
      activity,
      ...(where !== undefined && { where }),
      ...FRESH_MEASURES[next],
      ...(within !== undefined && !next.startsWith('last') && { within }),
    })
  }
  return (
    <Stack gap={6}>
      <Group gap="xs" align="flex-start">
        <ChoicesField
          path={[...path, 'activity']}
          choices={choicesIn(document, 'activities')}
          isSingle
          aria-label={t('condition.activity')}
          w={260}
        />
        <Select
          size="xs"
          w={170}
          aria-label={t('condition.measure')}
          value={measure}
          disabled={!mayWrite}
          data={MEASURES.map((value) => ({ value, label: t(`condition.measures.${value}`) }))}
          onChange={(next) => next !== null && next !== measure && change(next)}
        />
        {(measure === 'count' || measure === 'distinct_days') && <Compared path={[...path, measure]} />}
        {(measure === 'sum' || measure === 'average') && (
          <>
            <TextField path={[...path, measure, 'of']} aria-label={t('condition.property')} w={110} />
            <Compared path={[...path, measure]} beside={OF} />
          </>
        )}
        {measure === 'trend' && <TrendFields path={path} />}
        {isLast &&
          entriesOf(valueIn(test, ['last'])).map(([end]) => (
            <Group key={end} gap={6} wrap="nowrap">
              {end !== (measure === 'last_within' ? 'within' : 'longer_ago_than') && (
                <Text size="xs">{t('condition.measures.last_longer')}</Text>
              )}
              <DurationField path={[...path, 'last', end]} aria-label={t('condition.window')} />
            </Group>
          ))}
        {!isLast && measure !== 'trend' && (
          <Group gap={6} wrap="nowrap">
            <Text size="xs">{t('condition.within')}</Text>
            <DurationField path={[...path, 'within']} aria-label={t('condition.window')} placeholder="∞" w={70} />
          </Group>
        )}
      </Group>
      <WhereField path={[...path, 'where']} />
    </Stack>
  )
}

/** What else a sum and an average say. */
const OF = ['of'] as const
const AGAINST = ['against'] as const

/** `at least 2 times as often in the last 7 days as in the 28 days before`. */
function TrendFields({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  return (
    <Group gap={6}>
      <Compared path={[...path, 'trend']} beside={AGAINST} />
      <Text size="xs">{t('condition.trendIn')}</Text>
      <DurationField path={[...path, 'within']} aria-label={t('condition.window')} w={70} />
      <Text size="xs">{t('condition.trendAgainst')}</Text>
      <DurationField path={[...path, 'trend', 'against']} aria-label={t('condition.against')} w={70} />
    </Group>
  )
}

function ScoreTestFields({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document } = useEditor()
  return (
    <Group gap="xs">
      <ChoiceField
        path={[...path, 'score']}
        choices={choicesIn(document, 'scores')}
        aria-label={t('condition.score')}
        w={170}
      />
      <Compared path={path} beside={['score']} />
    </Group>
  )
}

function CategoryTestFields({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const test = valueIn(document, path)
  const category = String(valueIn(test, ['category']))
  const key = restOf(test, 'category', 'for_at_least')[0] ?? 'is'
  const levels = [valueIn(test, [key])].flat().map(String)
  const isNot = key === 'is_not' || key === 'not_in'
  const write = (next: readonly string[], not: boolean) => {
    const { for_at_least } = test as Record<string, unknown>
    const [one, many] = not ? (['is_not', 'not_in'] as const) : (['is', 'in'] as const)
    set(path, {
      category,
      ...(next.length === 1 ? { [one]: next[0] } : { [many]: next }),
      ...(for_at_least !== undefined && { for_at_least }),
    })
  }
  return (
    <Group gap="xs">
      <Select
        size="xs"
        w={170}
        aria-label={t('condition.category')}
        value={category}
        disabled={!mayWrite}
        data={ownAnd(choicesIn(document, 'categories'), category)}
        onChange={(next) =>
          next !== null &&
          next !== category &&
          set(path, { category: next, is: levelChoices(document, next)[0]?.value ?? 'high' })
        }
      />
      <Select
        size="xs"
        w={110}
        aria-label={t('condition.operator')}
        value={isNot ? 'is_not' : 'is'}
        disabled={!mayWrite}
        data={(['is', 'is_not'] as const).map((value) => ({ value, label: t(`condition.operators.${value}`) }))}
        onChange={(next) => write(levels, next === 'is_not')}
      />
      <LevelsSelect category={category} levels={levels} onChange={(next) => next.length > 0 && write(next, isNot)} />
      <Text size="xs">{t('condition.forAtLeast')}</Text>
      <DurationField path={[...path, 'for_at_least']} aria-label={t('condition.forAtLeast')} placeholder="–" w={70} />
    </Group>
  )
}

function LevelsSelect({
  category,
  levels,
  onChange,
}: {
  readonly category: string
  readonly levels: readonly string[]
  readonly onChange: (levels: readonly string[]) => void
}) {
  const { t } = useTranslation('definition')
  const { document, mayWrite } = useEditor()
  return (
    <Group gap={4}>
      {levelChoices(document, category).map(({ value, label }) => {
        const isChosen = levels.includes(value)
        return (
          <button
            key={value}
            type="button"
            className={classes.toggle}
            aria-pressed={isChosen}
            aria-label={t('condition.level', { level: label })}
            disabled={!mayWrite}
            onClick={() => onChange(isChosen ? levels.filter((each) => each !== value) : [...levels, value])}
          >
            {label}
          </button>
        )
      })}
    </Group>
  )
}

function PersonaTestFields({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document } = useEditor()
  return (
    <Group gap="xs">
      <Text size="xs">{t('condition.personaIs')}</Text>
      <ChoicesField
        path={[...path, 'persona']}
        choices={choicesIn(document, 'personas')}
        isSingle
        aria-label={t('condition.persona')}
        w={260}
      />
    </Group>
  )
}

function StageTestFields({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const hasReached = valueIn(document, [...path, 'reached']) === true
  return (
    <Group gap="xs">
      <Select
        size="xs"
        w={150}
        aria-label={t('condition.operator')}
        value={hasReached ? 'reached' : 'now'}
        disabled={!mayWrite}
        data={(['now', 'reached'] as const).map((value) => ({ value, label: t(`condition.stages.${value}`) }))}
        onChange={(next) => set([...path, 'reached'], next === 'reached' ? true : undefined)}
      />
      <ChoicesField
        path={[...path, 'stage']}
        choices={stageChoices(document)}
        isSingle
        aria-label={t('condition.stage')}
        w={240}
      />
      {!hasReached && (
        <>
          <Text size="xs">{t('condition.forAtLeast')}</Text>
          <DurationField
            path={[...path, 'for_at_least']}
            aria-label={t('condition.forAtLeast')}
            placeholder="–"
            w={70}
          />
        </>
      )}
    </Group>
  )
}

function AnswersTestFields({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document } = useEditor()
  return (
    <Group gap="xs">
      <Text size="xs">{t('condition.answersKnown')}</Text>
      <NumberField path={[...path, 'at_least']} isNeeded aria-label={t('condition.howMany')} />
      <ChoicesField
        path={[...path, 'answers']}
        choices={topicChoices(document)}
        aria-label={t('condition.topics')}
        w={300}
      />
    </Group>
  )
}

const FIELDS: Readonly<Record<Kind, (props: { readonly path: Path }) => React.ReactNode>> = {
  all: Joined,
  any: Joined,
  of: Joined,
  not: Not,
  account: Account,
  leads: Leads,
  attribute: AttributeTestFields,
  activity: ActivityTestFields,
  score: ScoreTestFields,
  category: CategoryTestFields,
  persona: PersonaTestFields,
  stage: StageTestFields,
  answers: AnswersTestFields,
}
