/** Scores: groups of criteria as sentences, with what they can give and where that is capped. */
import { Button, Group, Menu, Select, Stack, Text, Tooltip } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { criterionInWords } from '@winnow/engine'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../app/format.ts'
import { useEditor, type Editor } from '../editor/context.ts'
import { valueIn, type Path } from '../../../app/yaml-text.ts'
import { AddNamed, Box, labelled, OpeningRow, PartMenu } from './box.tsx'
import { ConditionField, knownValues } from './condition.tsx'
import { ChoiceField, ChoicesField, DurationField, NumberField, TextField } from './fields.tsx'
import classes from './form.module.css'
import { choicesIn, entriesOf, freeName, isMap, labelOf, listOf, textOf } from './names.ts'
import { WhereField } from './operators.tsx'
import { SortableItem, SortableList, SortableLists, type Carried } from './sortable.tsx'
import { TableFields } from './table-fields.tsx'

export function ScoresPart() {
  const { t } = useTranslation('definition')
  const { document, set, move, transfer } = useEditor()
  const scores = entriesOf(document['scores'])
  const carry = ({ kind, from, to }: Carried) => {
    const path = pathOfList(from.list)
    if (from.list === to.list) move(path, from.at, Math.min(to.at, lastOf(document, path)))
    else if (kind === 'criterion') transfer({ from: path, at: from.at, to: pathOfList(to.list), index: to.at })
  }
  return (
    <SortableLists carry={carry}>
      {scores.map(([name, score]) => (
        <Score key={name} path={['scores', name]} name={name} score={score} />
      ))}
      <AddNamed
        label={t('scores.add')}
        taken={scores.map(([name]) => name)}
        add={(name, typed) =>
          set(['scores', name], { ...labelled(name, typed), range: [0, 100], groups: { all: { criteria: [] } } })
        }
      />
    </SortableLists>
  )
}

/** A list of what can be dragged, by its path. */
const listAt = (path: Path): string => JSON.stringify(path)
const pathOfList = (list: string): Path => JSON.parse(list) as Path
const lastOf = (document: Editor['document'], path: Path): number => {
  const holder = valueIn(document, path)
  return (Array.isArray(holder) ? holder.length : entriesOf(holder).length) - 1
}

function Score({ path, name, score }: { readonly path: Path; readonly name: string; readonly score: unknown }) {
  const { t } = useTranslation('definition')
  const { set, mayWrite } = useEditor()
  const groups = entriesOf(valueIn(score, ['groups']))
  const range = listOf(valueIn(score, ['range']))
  const label = labelOf(name, score)
  return (
    <Box
      title={label}
      beside={
        <Text size="xs" c="dimmed" className="tabular">
          {t('scores.range', { from: textOf(range[0] ?? 0), to: textOf(range[1] ?? 100) })}
        </Text>
      }
      menu={<PartMenu path={path} name={label} part={{ kind: 'score', name }} />}
    >
      <OpeningRow
        label={t('scores.settings', { name: label })}
        sentence={<DecayWords decay={valueIn(score, ['decay'])} />}
      >
        <Stack gap="xs">
          <Group gap="xs" align="end">
            <TextField path={[...path, 'label']} label={t('form.label')} placeholder={label} />
            {range.length === 2 && (
              <>
                <NumberField path={[...path, 'range', 0]} isNeeded label={t('scores.from')} />
                <NumberField path={[...path, 'range', 1]} isNeeded label={t('scores.to')} />
              </>
            )}
          </Group>
          <DecayField path={[...path, 'decay']} />
          <TextField path={[...path, 'description']} label={t('form.description')} isLong />
        </Stack>
      </OpeningRow>
      <SortableList kind={`group of ${name}`} list={listAt([...path, 'groups'])} ids={groups.map(([group]) => group)}>
        {groups.map(([group, value], at) => (
          <SortableItem
            key={group}
            kind={`group of ${name}`}
            list={listAt([...path, 'groups'])}
            at={at}
            id={group}
            label={labelOf(group, value)}
            isDisabled={!mayWrite}
          >
            <CriteriaGroup path={[...path, 'groups', group]} score={name} name={group} group={value} />
          </SortableItem>
        ))}
      </SortableList>
      <AddNamed
        label={t('scores.addGroup')}
        taken={groups.map(([group]) => group)}
        add={(group, typed) => set([...path, 'groups', group], { ...labelled(group, typed), cap: 50, criteria: [] })}
      />
    </Box>
  )
}

function CriteriaGroup({
  path,
  score,
  name,
  group,
}: {
  readonly path: Path
  readonly score: string
  readonly name: string
  readonly group: unknown
}) {
  const { t } = useTranslation('definition')
  const editor = useEditor()
  const criteria = listOf(valueIn(group, ['criteria']))
  const ids = criteria.map((each, at) => textOf(valueIn(each, ['id']) ?? at))
  const list = listAt([...path, 'criteria'])
  const label = labelOf(name, group)
  return (
    <div style={{ marginBottom: 12 }}>
      <Group gap="sm" mt={4} className={classes.groupHead}>
        <Text size="sm" fw={600} style={{ flex: 'none' }}>
          {label}
        </Text>
        <CapMeter criteria={criteria} group={group} />
        <Group gap={4} wrap="nowrap" ml="auto">
          <Text size="xs" c="dimmed">
            {t('scores.cap')}
          </Text>
          <NumberField path={[...path, 'cap']} aria-label={t('scores.capOf', { name: label })} w={76} placeholder="∞" />
          <PartMenu path={path} name={label} part={{ kind: 'group', score, name }} />
        </Group>
      </Group>
      <OpeningRow
        label={t('scores.groupSettings', { name: label })}
        sentence={
          <Text span size="xs" c="dimmed">
            {t('scores.groupSaid')}
          </Text>
        }
      >
        <Stack gap="xs">
          <Group gap="xs" align="end">
            <TextField path={[...path, 'label']} label={t('form.label')} placeholder={label} w={200} />
            <NumberField path={[...path, 'floor']} label={t('scores.least')} />
            <NumberField path={[...path, 'weight']} label={t('scores.weight')} placeholder="1" />
          </Group>
          <DecayField path={[...path, 'decay']} isInherited />
          <TextField path={[...path, 'description']} label={t('form.description')} isLong />
        </Stack>
      </OpeningRow>
      <SortableList kind="criterion" list={list} ids={ids} hasEnd>
        {criteria.map((criterion, at) => (
          <SortableItem
            key={ids[at]}
            kind="criterion"
            list={list}
            at={at}
            id={ids[at]!}
            label={labelOf(ids[at]!, criterion)}
            isDisabled={!editor.mayWrite}
          >
            <CriterionRow path={[...path, 'criteria', at]} criterion={criterion} />
          </SortableItem>
        ))}
      </SortableList>
      <AddCriterion path={path} count={criteria.length} />
    </div>
  )
}

/** Drawn by its style alone. */
const IMAGE = { role: 'img' } as const

/** How much of what its criteria could give a group lets through. */
function CapMeter({ criteria, group }: { readonly criteria: readonly unknown[]; readonly group: unknown }) {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  const cap = valueIn(group, ['cap'])
  const most = criteria.reduce<number>((sum, each) => sum + mostOf(each), 0)
  if (typeof cap !== 'number' || most <= 0) return null
  const isOpen = most === Infinity
  const share = isOpen ? 1 : Math.min(1, cap / most)
  const said = isOpen
    ? t('scores.meterOpen', { cap: formats.number(cap) })
    : t('scores.meter', { cap: formats.number(cap), most: formats.number(most) })
  return (
    <Tooltip label={said}>
      <span className={classes.meter} aria-label={said} {...IMAGE}>
        <span style={{ width: `${100 * share}%` }} />
      </span>
    </Tooltip>
  )
}

/** The most that a criterion can give; without end where every occurrence counts for ever. */
function mostOf(criterion: unknown): number {
  const points = valueIn(criterion, ['points'])
  const cap = valueIn(criterion, ['cap'])
  const limited = (most: number) => Math.max(0, typeof cap === 'number' ? Math.min(cap, most) : most)
  if (isMap(criterion) && Object.hasOwn(criterion, 'table')) {
    const bins = listOf(criterion['bins']).map((bin) => Number(valueIn(bin, ['points'])))
    const values = entriesOf(criterion['values']).map(([, each]) => Number(each))
    return limited(
      Math.max(0, ...bins, ...values, Number(criterion['unknown'] ?? 0), Number(criterion['otherwise'] ?? 0)),
    )
  }
  if (typeof points !== 'number' || points <= 0) return 0
  if (!isMap(criterion) || !Object.hasOwn(criterion, 'each')) return limited(points)
  const most = valueIn(criterion, ['count', 'at_most'])
  const isForEver = valueIn(criterion, ['count', 'within']) === undefined
  return limited(typeof most === 'number' && isForEver ? points * most : Infinity)
}

// --- Criteria --------------------------------------------------------------------------------------------------------

function sentenceOf({ definition }: Editor, criterion: unknown): string | undefined {
  if (definition === undefined) return undefined
  try {
    return criterionInWords(definition, criterion as never)
  } catch {
    return undefined
  }
}

function CriterionRow({ path, criterion }: { readonly path: Path; readonly criterion: unknown }) {
  const { t } = useTranslation('definition')
  const editor = useEditor()
  const id = textOf(valueIn(criterion, ['id']))
  const label = labelOf(id, criterion)
  const sentence = sentenceOf(editor, criterion)
  const hasPoints = isMap(criterion) && Object.hasOwn(criterion, 'points')
  const issue = editor.issues.find((each) => isAt(each.path, path))
  return (
    <OpeningRow
      label={t('scores.open', { name: label })}
      sentence={
        <>
          <b>{label}</b>{' '}
          <Text span inherit c="dimmed" lang="en">
            {sentence}
          </Text>
          {issue && (
            <Text size="xs" c={issue.severity === 'error' ? 'var(--w-bad)' : 'var(--w-warm)'}>
              {issue.message}
            </Text>
          )}
        </>
      }
      beside={
        <Group gap={2} wrap="nowrap" style={{ flex: 'none' }}>
          {hasPoints && (
            <NumberField
              path={[...path, 'points']}
              isNeeded
              aria-label={t('scores.pointsOf', { name: label })}
              w={76}
            />
          )}
          <PartMenu path={path} name={label} part={{ kind: 'criterion', name: id }}>
            <MoveItems path={path} />
          </PartMenu>
        </Group>
      }
    >
      <CriterionFields path={path} criterion={criterion} />
    </OpeningRow>
  )
}

/** Every other group, of every score, as a place to go to. */
function MoveItems({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document, transfer } = useEditor()
  const from = path.slice(0, -1)
  const groups = entriesOf(document['scores']).flatMap(([score, value]) =>
    entriesOf(valueIn(value, ['groups'])).map(([group, of]) => ({
      to: ['scores', score, 'groups', group, 'criteria'],
      name: `${labelOf(score, value)} · ${labelOf(group, of)}`,
      index: listOf(valueIn(of, ['criteria'])).length,
    })),
  )
  const others = groups.filter(({ to }) => listAt(to) !== listAt(from))
  if (others.length === 0) return null
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item>{t('scores.moveTo')}</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown>
        {others.map(({ to, name, index }) => (
          <Menu.Item key={name} onClick={() => transfer({ from, at: Number(path.at(-1)), to, index })}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  )
}

/** `scores.fit.groups.company.criteria[0].points` is at or below the path of its criterion. */
function isAt(path: string, of: Path): boolean {
  const written = of.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('')
  return path === written || path.startsWith(`${written}.`) || path.startsWith(`${written}[`)
}

function CriterionFields({ path, criterion }: { readonly path: Path; readonly criterion: unknown }) {
  const { t } = useTranslation('definition')
  return (
    <Stack gap="sm">
      <Group gap="xs" align="end">
        <TextField path={[...path, 'label']} label={t('form.label')} w={220} />
        <NumberField path={[...path, 'cap']} label={t('scores.most')} />
        <NumberField path={[...path, 'floor']} label={t('scores.least')} />
        {isMap(criterion) && !Object.hasOwn(criterion, 'each') && (
          <NumberField path={[...path, 'unknown']} label={t('scores.unknown')} />
        )}
      </Group>
      {isMap(criterion) && Object.hasOwn(criterion, 'when') && (
        <ConditionField path={[...path, 'when']} label={t('scores.when')} />
      )}
      {isMap(criterion) && Object.hasOwn(criterion, 'each') && <EachFields path={path} criterion={criterion} />}
      {isMap(criterion) && Object.hasOwn(criterion, 'table') && <TableFields path={path} criterion={criterion} />}
      <TextField path={[...path, 'description']} label={t('form.description')} isLong />
    </Stack>
  )
}

type Fields = { readonly path: Path; readonly criterion: Readonly<Record<string, unknown>> }

function EachFields({ path, criterion }: Fields) {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const hasLimit = criterion['count'] !== undefined
  return (
    <Stack gap="xs">
      <Group gap="xs" align="end">
        <ChoicesField
          path={[...path, 'each']}
          choices={choicesIn(document, 'activities')}
          isSingle
          label={t('scores.each')}
          w={300}
        />
        <DurationField path={[...path, 'within']} label={t('scores.within')} placeholder="∞" />
      </Group>
      <Group gap="xs" align="end">
        {hasLimit ? (
          <>
            <NumberField path={[...path, 'count', 'at_most']} isNeeded label={t('scores.atMost')} />
            <DurationField path={[...path, 'count', 'within']} label={t('scores.inAny')} placeholder="∞" />
          </>
        ) : null}
        {mayWrite && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => set([...path, 'count'], hasLimit ? undefined : { at_most: 3, within: '7d' })}
          >
            {t(hasLimit ? 'scores.noLimit' : 'scores.limit')}
          </Button>
        )}
      </Group>
      <DecayField path={[...path, 'decay']} isInherited />
      <WhereField path={[...path, 'where']} />
      <ChoiceField
        path={[...path, 'by']}
        label={t('scores.by')}
        none={t('scores.byLead')}
        choices={[{ value: 'account', label: t('scores.byAccount') }]}
        w={260}
      />
    </Stack>
  )
}

function AddCriterion({ path, count }: { readonly path: Path; readonly count: number }) {
  const { t } = useTranslation('definition')
  const editor = useEditor()
  const { document, set, mayWrite } = editor
  if (!mayWrite) return null
  const attribute = choicesIn(document, 'attributes')[0]?.value ?? 'name'
  const activity = choicesIn(document, 'activities')[0]?.value ?? 'name'
  const made = {
    when: { when: { attribute, known: true }, points: 10 },
    each: { each: activity, points: 5, count: { at_most: 3, within: '7d' } },
    table: tableFor(editor, attribute),
  }
  const add = (kind: keyof typeof made) => {
    const subject = kind === 'each' ? activity : attribute
    const id = freeName(subject, takenIds(document))
    set([...path, 'criteria', count], { id, ...made[kind] })
  }
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={12} />}>
          {t('scores.addCriterion')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['when', 'each', 'table'] as const).map((kind) => (
          <Menu.Item key={kind} onClick={() => add(kind)}>
            {t(`scores.kinds.${kind}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function tableFor(editor: Editor, attribute: string): Record<string, unknown> {
  const values = knownValues(editor, attribute).slice(0, 8)
  const isNumber = valueIn(editor.document, ['attributes', attribute, 'type']) === 'number'
  if (isNumber || values.length === 0) return { table: attribute, bins: [{ below: 10, points: 0 }, { points: 10 }] }
  return { table: attribute, values: Object.fromEntries(values.map((value) => [value, 0])) }
}

const takenIds = (document: Editor['document']): string[] =>
  entriesOf(document['scores']).flatMap(([, score]) =>
    entriesOf(valueIn(score, ['groups'])).flatMap(([, group]) =>
      listOf(valueIn(group, ['criteria'])).map((criterion) => String(valueIn(criterion, ['id']))),
    ),
  )

// --- Decay -----------------------------------------------------------------------------------------------------------

const DECAYS = {
  half_life: { half_life: '14d' },
  linear: { linear: { over: '30d' } },
  steps: { steps: { every: '7d', lose: '25%' } },
  expires: { expires: '30d' },
} as const

function decayKind(decay: unknown): 'none' | 'silent' | keyof typeof DECAYS {
  if (decay === undefined) return 'silent'
  if (!isMap(decay)) return 'none'
  return (Object.keys(DECAYS) as (keyof typeof DECAYS)[]).find((kind) => Object.hasOwn(decay, kind)) ?? 'none'
}

function DecayWords({ decay }: { readonly decay: unknown }) {
  const { t } = useTranslation('definition')
  const kind = decayKind(decay)
  const span =
    kind === 'half_life' || kind === 'expires'
      ? String(valueIn(decay, [kind]))
      : textOf(valueIn(decay, kind === 'linear' ? ['linear', 'over'] : ['steps', 'every']))
  return (
    <Text span size="xs" c="dimmed">
      {t(`decay.said.${kind}`, { span })}
    </Text>
  )
}

function DecayField({ path, isInherited = false }: { readonly path: Path; readonly isInherited?: boolean }) {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const kind = decayKind(valueIn(document, path))
  const kinds = ['silent', ...(isInherited ? (['none'] as const) : []), ...Object.keys(DECAYS)] as (typeof kind)[]
  return (
    <Group gap="xs" align="end">
      <Select
        size="xs"
        w={210}
        label={t('decay.label')}
        value={kind}
        disabled={!mayWrite}
        data={kinds.map((value) => ({
          value,
          label: t(value === 'silent' && isInherited ? 'decay.kinds.inherited' : `decay.kinds.${value}`),
        }))}
        onChange={(next) => {
          if (next === null || next === kind) return
          set(path, next === 'silent' ? undefined : next === 'none' ? 'none' : DECAYS[next])
        }}
      />
      {kind === 'half_life' && <DurationField path={[...path, 'half_life']} label={t('decay.half_life')} />}
      {kind === 'expires' && <DurationField path={[...path, 'expires']} label={t('decay.expires')} />}
      {kind === 'linear' && (
        <>
          <DurationField path={[...path, 'linear', 'after']} label={t('decay.after')} placeholder="0d" />
          <DurationField path={[...path, 'linear', 'over']} label={t('decay.over')} />
        </>
      )}
      {kind === 'steps' && (
        <>
          <DurationField path={[...path, 'steps', 'every']} label={t('decay.every')} />
          <TextField path={[...path, 'steps', 'lose']} label={t('decay.lose')} w={90} />
        </>
      )}
    </Group>
  )
}
