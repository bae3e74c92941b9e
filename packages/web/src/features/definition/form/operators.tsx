/** Tests of values: of an attribute, of a property of an event, of a number. Several in one test must all hold. */
import { ActionIcon, Group, Select, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor/context.ts'
import { valueIn, type Path } from '../../../app/yaml-text.ts'
import { entriesOf, freeName, isMap, listOf, textOf } from './names.ts'
import {
  NumberValue,
  RemoveButton,
  ScalarsValue,
  ScalarValue,
  TextValue,
  WordsValue,
  YesNoValue,
  type Scalar,
} from './values.tsx'

const LISTS = ['in', 'not_in'] as const
const ONES = ['is', 'is_not'] as const
const TEXTS = ['contains', 'starts_with', 'ends_with', 'matches'] as const
const BOUNDS = ['at_least', 'at_most', 'above', 'below', 'between'] as const
const DURATIONS = ['changed_within', 'older_than', 'newer_than', 'due_within'] as const
const KNOWN = ['known', 'unknown'] as const
type Operator = (typeof LISTS | typeof ONES | typeof TEXTS | typeof BOUNDS | typeof DURATIONS | typeof KNOWN)[number]

const COMPARISONS = ['at_least', 'at_most', 'above', 'below', 'is', 'between'] as const satisfies readonly Operator[]
const OF_PROPERTIES = [...ONES, ...LISTS, ...TEXTS, ...BOUNDS, ...KNOWN] as const satisfies readonly Operator[]

const has = (list: readonly string[], operator: string): boolean => list.includes(operator)

/** What a test asks of one value; `known: false` is an operator of its own here. */
interface Test {
  readonly operator: Operator
  readonly value: unknown
}

const testOf = ([key, value]: readonly [string, unknown]): Test =>
  key === 'known' ? { operator: value === false ? 'unknown' : 'known', value } : { operator: key as Operator, value }

const written = ({ operator, value }: Test): readonly [string, unknown] =>
  operator === 'known' ? ['known', true] : operator === 'unknown' ? ['known', false] : [operator, value]

/** What kind of value is tested. */
type Subject = 'number' | 'date' | 'text' | 'boolean' | 'choice' | 'property'

/** What still fits of a value, under another operator. */
function fitting(operator: Operator, value: unknown, { subject, known }: Tested): unknown {
  const first = known[0] ?? ''
  const one: unknown = Array.isArray(value) ? value[0] : value
  const number = typeof one === 'number' ? one : 0
  const isDate = subject === 'date'
  if (has(DURATIONS, operator)) return '30d'
  if (has(LISTS, operator)) return Array.isArray(value) ? value : [one ?? first]
  if (operator === 'between') return isDate ? ['2026-01-01', '2026-12-31'] : [number, number]
  if (has(BOUNDS, operator)) return isDate ? (typeof one === 'string' ? one : '2026-01-01') : number
  if (has(TEXTS, operator)) return typeof one === 'string' ? one : first || 'a'
  if (subject === 'boolean') return typeof one === 'boolean' ? one : true
  if (subject === 'number') return number
  return one === undefined || (typeof one === 'boolean' && subject !== 'property') ? first || 'a' : one
}

interface Tested {
  readonly subject: Subject
  /** Values that it may have, or that some do have. */
  readonly known: readonly string[]
}

const NOTHING: readonly string[] = []
const OF_ATTRIBUTES: Readonly<Record<Exclude<Subject, 'property'>, readonly Operator[]>> = {
  number: [...BOUNDS, ...ONES, ...KNOWN, 'changed_within'],
  date: [...DURATIONS, ...BOUNDS, ...KNOWN],
  choice: [...LISTS, ...ONES, ...KNOWN, 'changed_within'],
  boolean: ['is', ...KNOWN, 'changed_within'],
  text: [...ONES, ...TEXTS, ...LISTS, ...KNOWN, 'changed_within'],
}

/** The tests of a map, and of nothing else that it holds. */
const testsIn = (map: unknown, beside: readonly string[]): readonly Test[] =>
  entriesOf(map).flatMap((entry) => (beside.includes(entry[0]) ? [] : [testOf(entry)]))

/** An attribute’s tests: whatever the map holds besides its subject. */
export function AttributeTests({
  path,
  type,
  known,
}: {
  readonly path: Path
  readonly type: unknown
  readonly known: readonly string[]
}) {
  const { document, set } = useEditor()
  const map = valueIn(document, path)
  const subject: Exclude<Subject, 'property'> =
    type === 'number' || type === 'date' || type === 'boolean'
      ? type
      : type === 'choice' || type === 'choices'
        ? 'choice'
        : 'text'
  return (
    <Tests
      tests={testsIn(map, ['attribute'])}
      tested={{ subject, known }}
      operators={OF_ATTRIBUTES[subject]}
      write={(tests) =>
        set(path, { attribute: valueIn(map, ['attribute']), ...Object.fromEntries(tests.map(written)) })
      }
    />
  )
}

const NUMBER: Tested = { subject: 'number', known: NOTHING }

/** `at least 3`: tests of a number, of a map that holds these. @param beside  what else it holds */
export function Compared({ path, beside = NOTHING }: { readonly path: Path; readonly beside?: readonly string[] }) {
  const { document, set } = useEditor()
  const map = valueIn(document, path)
  const others = entriesOf(map).filter(([key]) => beside.includes(key))
  return (
    <Tests
      tests={testsIn(map, beside)}
      tested={NUMBER}
      operators={COMPARISONS}
      write={(tests) => set(path, Object.fromEntries([...others, ...tests.map(written)]))}
    />
  )
}

function Tests({
  tests,
  tested,
  operators,
  write,
}: {
  readonly tests: readonly Test[]
  readonly tested: Tested
  readonly operators: readonly Operator[]
  readonly write: (tests: readonly Test[]) => void
}) {
  const { t } = useTranslation('definition')
  const { mayWrite } = useEditor()
  const taken = tests.map(({ operator }) => operator)
  const free = operators.find((each) => has(BOUNDS, each) && each !== 'between' && !taken.includes(each))
  const hasBound = tests.every(({ operator }) => has(BOUNDS, operator))
  return (
    <Stack gap={4}>
      {tests.map((test, at) => (
        <Group key={test.operator} gap="xs">
          <Select
            size="xs"
            w={150}
            aria-label={t('condition.operator')}
            value={test.operator}
            disabled={!mayWrite}
            data={[...(operators.includes(test.operator) ? [] : [test.operator]), ...operators]
              .filter((each) => each === test.operator || !taken.includes(each))
              .map((value) => ({ value, label: t(`condition.operators.${value}`) }))}
            onChange={(next) => {
              if (next === null || next === test.operator) return
              write(tests.with(at, { operator: next, value: fitting(next, test.value, tested) }))
            }}
          />
          <Operand test={test} tested={tested} write={(value) => write(tests.with(at, { ...test, value }))} />
          {tests.length > 1 && (
            <RemoveButton label={t('condition.remove')} remove={() => write(tests.toSpliced(at, 1))} />
          )}
          {at === tests.length - 1 && hasBound && free !== undefined && mayWrite && (
            <ActionIcon
              variant="subtle"
              size="sm"
              aria-label={t('condition.andBound')}
              onClick={() => write([...tests, { operator: free, value: fitting(free, test.value, tested) }])}
            >
              <IconPlus size={13} />
            </ActionIcon>
          )}
        </Group>
      ))}
    </Stack>
  )
}

function Operand({
  test: { operator, value },
  tested: { subject, known },
  write,
}: {
  readonly test: Test
  readonly tested: Tested
  readonly write: (value: unknown) => void
}) {
  const { t } = useTranslation('definition')
  const { mayWrite } = useEditor()
  const label = t('condition.value')
  if (has(KNOWN, operator)) return null
  if (operator === 'between')
    return (
      <>
        {[0, 1].map((end) => (
          <Bound
            key={end}
            value={listOf(value)[end]}
            label={t(end === 0 ? 'condition.from' : 'condition.to')}
            write={(next) => write(listOf(value).with(end, next))}
          />
        ))}
      </>
    )
  if (has(BOUNDS, operator)) return <Bound value={value} label={label} write={write} />
  if (has(DURATIONS, operator))
    return <TextValue value={textOf(value)} write={write} label={label} w={90} placeholder="14d" />
  if (operator === 'matches') return <TextValue value={textOf(value)} write={write} label={label} w={220} />
  if (has(TEXTS, operator))
    return (
      <WordsValue
        value={[value].flat().map(textOf)}
        write={(next) => next.length > 0 && write(next.length === 1 ? next[0] : next)}
        label={label}
        w={220}
      />
    )
  if (has(LISTS, operator)) {
    const list = listOf(value) as readonly Scalar[]
    if (subject === 'property') return <ScalarsValue value={list} write={write} label={label} />
    return (
      <WordsValue
        value={list.map(String)}
        write={(next) => next.length > 0 && write(subject === 'number' ? next.map(Number) : next)}
        known={known}
        label={label}
      />
    )
  }
  if (subject === 'property') return <ScalarValue value={value as Scalar} write={write} label={label} />
  if (subject === 'number') return <Bound value={value} label={label} write={write} />
  if (typeof value === 'boolean') return <YesNoValue value={value} write={write} label={label} />
  if (known.length > 0)
    return (
      <Select
        size="xs"
        w={180}
        aria-label={label}
        value={textOf(value)}
        disabled={!mayWrite}
        data={[...new Set([textOf(value), ...known])]}
        searchable={known.length > 8}
        onChange={(next) => next !== null && write(next)}
      />
    )
  return <TextValue value={textOf(value)} write={write} label={label} w={180} />
}

/** A number, or a day where there is one. */
function Bound({
  value,
  label,
  write,
}: {
  readonly value: unknown
  readonly label: string
  readonly write: (value: unknown) => void
}) {
  if (typeof value === 'string') return <TextValue value={value} write={write} label={label} w={120} />
  return <NumberValue value={Number(value ?? 0)} write={write} label={label} />
}

// --- Properties of events --------------------------------------------------------------------------------------------

/** A value alone means equal, a list means one of. */
const testsOfProperty = (test: unknown): readonly Test[] =>
  isMap(test) ? testsIn(test, NOTHING) : [{ operator: Array.isArray(test) ? 'in' : 'is', value: test }]

function propertyTest(tests: readonly Test[]): unknown {
  const [only] = tests
  if (tests.length === 1 && (only!.operator === 'is' || only!.operator === 'in')) return only!.value
  return Object.fromEntries(tests.map(written))
}

const PROPERTY: Tested = { subject: 'property', known: NOTHING }

/** Which events count: what their properties must be. */
export function WhereField({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const where = entriesOf(valueIn(document, path))
  const names = where.map(([name]) => name)
  if (where.length === 0 && !mayWrite) return null
  const callOtherwise = (name: string, next: string) => {
    if (next === '' || names.includes(next)) return
    set(path, Object.fromEntries(where.map(([each, test]) => [each === name ? next : each, test])))
  }
  return (
    <Stack gap={6}>
      {where.map(([name, test], at) => (
        <Group key={name} gap="xs" align="flex-start">
          <Text size="xs" w={72} pt={6}>
            {t(at === 0 ? 'condition.where' : 'condition.andWhere')}
          </Text>
          <TextValue value={name} write={(next) => callOtherwise(name, next)} label={t('condition.property')} w={110} />
          <Tests
            tests={testsOfProperty(test)}
            tested={PROPERTY}
            operators={OF_PROPERTIES}
            write={(tests) => set([...path, name], propertyTest(tests))}
          />
          <RemoveButton
            label={t('form.remove', { name })}
            remove={() => set(where.length === 1 ? path : [...path, name], undefined)}
          />
        </Group>
      ))}
      {mayWrite && (
        <div>
          <ActionIcon
            variant="subtle"
            size="sm"
            w="auto"
            px={8}
            aria-label={t('condition.addWhere')}
            onClick={() => {
              const name = freeName('path', names)
              set(where.length === 0 ? path : [...path, name], where.length === 0 ? { [name]: '/' } : '/')
            }}
          >
            <IconPlus size={13} />
            <Text size="xs" ml={4}>
              {t('condition.addWhere')}
            </Text>
          </ActionIcon>
        </div>
      )}
    </Stack>
  )
}
