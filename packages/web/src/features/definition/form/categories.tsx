/** Categories: levels, best first, with the thresholds that lead into them and out of them again. */
import { Button, Group, Slider, Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor/context.ts'
import { valueIn, type Path } from '../../../app/yaml-text.ts'
import { AddNamed, Box, labelled, OpeningRow, PartMenu } from './box.tsx'
import { ConditionField, wordsOf } from './condition.tsx'
import { ChoiceField, DurationField, NumberField, TextField, useFollowing, type Choice } from './fields.tsx'
import { choicesIn, entriesOf, isMap, labelOf, levelChoices, listOf } from './names.ts'
import { Sortable } from './sortable.tsx'

export function CategoriesPart() {
  const { t } = useTranslation('definition')
  const { document, set } = useEditor()
  const categories = entriesOf(document['categories'])
  const score = choicesIn(document, 'scores')[0]?.value ?? 'fit'
  return (
    <>
      {categories.map(([name, category]) => (
        <Category key={name} path={['categories', name]} name={name} category={category} />
      ))}
      <AddNamed
        label={t('categories.add')}
        taken={categories.map(([name]) => name)}
        add={(name, typed) =>
          set(['categories', name], {
            ...labelled(name, typed),
            levels: [{ high: { when: { score, at_least: 60 } } }, { low: {} }],
          })
        }
      />
    </>
  )
}

function Category({
  path,
  name,
  category,
}: {
  readonly path: Path
  readonly name: string
  readonly category: unknown
}) {
  const { t } = useTranslation('definition')
  const { move, set, mayWrite } = useEditor()
  const levels = listOf(valueIn(category, ['levels']))
  const ids = levels.map((level, at) => entriesOf(level)[0]?.[0] ?? String(at))
  const label = labelOf(name, category)
  return (
    <Box title={label} menu={<PartMenu path={path} name={label} part={{ kind: 'category', name }} />}>
      <Group gap="xs" mb="xs">
        <TextField path={[...path, 'label']} label={t('form.label')} placeholder={label} w={220} />
      </Group>
      {isMap(category) && category['matrix'] !== undefined ? (
        <Matrix path={[...path, 'matrix']} />
      ) : (
        <>
          <Sortable ids={ids} move={(from, to) => move([...path, 'levels'], from, to)} isDisabled={!mayWrite}>
            {(at) => (
              <Level
                path={[...path, 'levels', at, ids[at]!]}
                item={[...path, 'levels', at]}
                category={name}
                name={ids[at]!}
              />
            )}
          </Sortable>
          <AddNamed
            label={t('categories.addLevel')}
            taken={ids}
            add={(level, typed) => set([...path, 'levels'], withLevel(levels, level, typed))}
          />
        </>
      )}
    </Box>
  )
}

/** A new level comes before the last, which takes whoever is left; it asks what the one above it asks, to be made easier. */
function withLevel(levels: readonly unknown[], name: string, typed: string): readonly unknown[] {
  const above = levels.at(-2)
  const when = easier(valueIn(entriesOf(above)[0]?.[1], ['when'])) ?? { score: 'fit', at_least: 50 }
  return levels.toSpliced(-1, 0, { [name]: { ...labelled(name, typed), when } })
}

function Level({
  path,
  item,
  category,
  name,
}: {
  readonly path: Path
  readonly item: Path
  readonly category: string
  readonly name: string
}) {
  const { t } = useTranslation('definition')
  const editor = useEditor()
  const level = valueIn(editor.document, path)
  const label = labelOf(name, level)
  const when = valueIn(level, ['when'])
  const stays = valueIn(level, ['stays_while'])
  return (
    <OpeningRow
      label={t('categories.open', { name: label })}
      beside={<PartMenu path={item} name={label} part={{ kind: 'level', category, name }} />}
      sentence={
        <>
          <b>{label}</b>{' '}
          <Text span inherit c="dimmed" lang="en">
            {when === undefined ? t('categories.rest') : wordsOf(editor, when)}
          </Text>
        </>
      }
    >
      <Stack gap="sm">
        <TextField path={[...path, 'label']} label={t('form.label')} w={220} />
        {when !== undefined && (
          <>
            {isThreshold(when) ? (
              <Threshold
                path={[...path, 'when', 'at_least']}
                score={String(valueIn(when, ['score']))}
                label={t('categories.from', { name: label })}
              />
            ) : (
              <ConditionField path={[...path, 'when']} label={t('categories.when', { name: label })} />
            )}
            {isThreshold(stays) ? (
              <Threshold
                path={[...path, 'stays_while', 'at_least']}
                score={String(valueIn(stays, ['score']))}
                label={t('categories.leaves', { name: label })}
              />
            ) : (
              stays !== undefined && (
                <ConditionField path={[...path, 'stays_while']} label={t('categories.stays')} isOptional />
              )
            )}
            <Group gap="xs" align="end">
              <DurationField path={[...path, 'for_at_least']} label={t('categories.dwell')} placeholder="0d" w={150} />
              <DurationField
                path={[...path, 'stays_at_least']}
                label={t('categories.lasts')}
                placeholder="0d"
                w={150}
              />
              {editor.mayWrite && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="gray"
                  onClick={() => editor.set([...path, 'stays_while'], stays === undefined ? easier(when) : undefined)}
                >
                  {t(stays === undefined ? 'categories.addStays' : 'categories.noStays')}
                </Button>
              )}
            </Group>
          </>
        )}
      </Stack>
    </OpeningRow>
  )
}

const isThreshold = (condition: unknown): boolean =>
  isMap(condition) &&
  Object.keys(condition).length === 2 &&
  typeof condition['score'] === 'string' &&
  typeof condition['at_least'] === 'number'

/** The same condition, a fifth easier: where a level is left again. */
function easier(when: unknown): unknown {
  if (!isThreshold(when)) return when
  const { score, at_least } = when as { score: string; at_least: number }
  return { score, at_least: Math.round(at_least * 0.8) }
}

/** A slider and its number. While it is dragged, the sample shows what it would do; it is written when it is let go. */
function Threshold({ path, score, label }: { readonly path: Path; readonly score: string; readonly label: string }) {
  const { t } = useTranslation('definition')
  const { document, set, preview, mayWrite } = useEditor()
  const value = valueIn(document, path) as number
  const [dragged, setDragged] = useFollowing(value)
  const range = listOf(valueIn(document, ['scores', score, 'range']))
  const [min, max] = [Number(range[0] ?? 0), Number(range[1] ?? 100)]
  return (
    <div>
      <Text size="xs" fw={600}>
        {label}
      </Text>
      <Group gap="sm" wrap="nowrap">
        <Text size="xs" c="dimmed">
          {t('categories.atLeast', { score: labelOf(score, valueIn(document, ['scores', score])) })}
        </Text>
        <Slider
          flex={1}
          min={min}
          max={max}
          step={1}
          size="sm"
          disabled={!mayWrite}
          value={dragged}
          label={null}
          thumbLabel={label}
          onChange={(next) => {
            setDragged(next)
            preview({ path, value: next })
          }}
          onChangeEnd={(next) => {
            preview(undefined)
            set(path, next)
          }}
        />
        <NumberField path={path} isNeeded aria-label={label} w={76} />
      </Group>
    </div>
  )
}

/** Every cell with the name that it has by itself. */
const named = (down: readonly Choice[], across: readonly Choice[]) =>
  Object.fromEntries(
    down.map((row) => [
      row.value,
      Object.fromEntries(across.map((column) => [column.value, `${row.value}_${column.value}`])),
    ]),
  )

function Matrix({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const rows = String(valueIn(document, [...path, 'rows']))
  const columns = String(valueIn(document, [...path, 'columns']))
  const categories = choicesIn(document, 'categories')
  const across = levelChoices(document, columns)
  const down = levelChoices(document, rows)
  const cells = valueIn(document, [...path, 'cells'])
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <ChoiceField path={[...path, 'rows']} choices={categories} label={t('categories.rows')} w={180} />
        <ChoiceField path={[...path, 'columns']} choices={categories} label={t('categories.columns')} w={180} />
      </Group>
      <div style={{ overflowX: 'auto' }}>
        <Table withTableBorder withColumnBorders fz="xs" w="auto">
          <Table.Thead>
            <Table.Tr>
              <Table.Th aria-label={t('categories.rows')} />
              {across.map((column) => (
                <Table.Th key={column.value}>{column.label}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {down.map((row) => (
              <Table.Tr key={row.value}>
                <Table.Th>{row.label}</Table.Th>
                {across.map((column) => (
                  <Table.Td key={column.value}>
                    {cells === undefined ? (
                      `${row.value}_${column.value}`
                    ) : (
                      <TextField
                        path={[...path, 'cells', row.value, column.value]}
                        aria-label={`${row.label}, ${column.label}`}
                        w={76}
                      />
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {cells === undefined && mayWrite && (
        <div>
          <Button size="compact-xs" variant="subtle" onClick={() => set([...path, 'cells'], named(down, across))}>
            {t('categories.nameCells')}
          </Button>
        </div>
      )}
    </Stack>
  )
}
