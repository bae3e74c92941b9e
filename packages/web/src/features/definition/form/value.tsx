/** What a lead is worth: the chance of a win by score or level, and the money of one. */
import { Button, Group, Select, Stack, Table, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useEditor, type Editor } from '../editor/context.ts'
import { valueIn, type Path } from '../../../app/yaml-text.ts'
import { Box, PartMenu } from './box.tsx'
import { ChoiceField, NumberField, TextField } from './fields.tsx'
import { choicesIn, entriesOf, isMap, levelChoices, listOf, spaced, textOf } from './names.ts'
import { TableFields } from './table-fields.tsx'
import { RemoveButton } from './values.tsx'

const evenChances = (document: Editor['document'], category: string) =>
  Object.fromEntries(levelChoices(document, category).map(({ value }) => [value, { probability: 0.1 }]))

export function ValuePart() {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const value = document['value']
  const first = choicesIn(document, 'categories')[0]?.value ?? 'quality'
  if (value === undefined)
    return (
      <Box title={t('areas.value')}>
        <Text size="sm" c="dimmed" mb="sm">
          {t('value.none')}
        </Text>
        {mayWrite && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() =>
              set(['value'], {
                currency: 'EUR',
                win: { category: first, levels: evenChances(document, first) },
                amount: 10_000,
              })
            }
          >
            {t('value.add')}
          </Button>
        )}
      </Box>
    )
  return (
    <Box
      title={t('areas.value')}
      beside={
        <Text size="xs" c="dimmed">
          {t('value.said')}
        </Text>
      }
      menu={<PartMenu path={['value']} name={t('areas.value')} />}
    >
      <Stack gap="md">
        <Group gap="xs" align="end">
          <TextField path={['value', 'currency']} label={t('value.currency')} w={90} />
          <NumberField path={['value', 'repeats']} label={t('value.repeats')} placeholder="1" w={120} />
          <NumberField path={['value', 'cost']} label={t('value.cost')} placeholder="0" w={150} />
        </Group>
        <Amount path={['value', 'amount']} />
        <Win path={['value', 'win']} />
      </Stack>
    </Box>
  )
}

const AMOUNTS = ['fixed', 'attribute', 'table'] as const
type AmountKind = (typeof AMOUNTS)[number]

function Amount({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const amount = valueIn(document, path)
  const kind: AmountKind = isMap(amount) ? (Object.hasOwn(amount, 'table') ? 'table' : 'attribute') : 'fixed'
  const numbers = choicesIn(document, 'attributes').filter(
    ({ value }) => valueIn(document, ['attributes', value, 'type']) === 'number',
  )
  const fresh: Readonly<Record<AmountKind, unknown>> = {
    fixed: 10_000,
    attribute: { attribute: numbers[0]?.value ?? 'deal_size', otherwise: 10_000 },
    table: {
      table: numbers[0]?.value ?? 'employees',
      bins: [{ below: 50, points: 5_000 }, { points: 20_000 }],
      otherwise: 10_000,
    },
  }
  return (
    <Stack gap="xs">
      <Group gap="xs" align="end">
        <Select
          size="xs"
          w={290}
          label={t('value.amount')}
          value={kind}
          disabled={!mayWrite}
          data={AMOUNTS.map((value) => ({ value, label: t(`value.amounts.${value}`) }))}
          onChange={(next) => next !== null && next !== kind && set(path, fresh[next])}
        />
        {kind === 'fixed' && <NumberField path={path} isNeeded aria-label={t('value.amount')} w={120} />}
        {kind === 'attribute' && (
          <>
            <ChoiceField
              path={[...path, 'attribute']}
              choices={numbers}
              aria-label={t('condition.attribute')}
              w={200}
            />
            <NumberField path={[...path, 'otherwise']} label={t('value.whileUnknown')} placeholder="0" w={120} />
          </>
        )}
      </Group>
      {kind === 'table' && isMap(amount) && <TableFields path={path} criterion={amount} label={t('value.by')} />}
    </Stack>
  )
}

// --- Chance of a win -------------------------------------------------------------------------------------------------

const WINS = ['score', 'category'] as const

function Win({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const win = valueIn(document, path)
  const kind = isMap(win) && Object.hasOwn(win, 'score') ? 'score' : 'category'
  const score = choicesIn(document, 'scores')[0]?.value ?? 'fit'
  const category = choicesIn(document, 'categories')[0]?.value ?? 'quality'
  const byCategory = (name: string) => ({ category: name, levels: evenChances(document, name) })
  return (
    <Stack gap="xs">
      <Group gap="xs" align="end">
        <Select
          size="xs"
          w={160}
          label={t('value.win')}
          value={kind}
          disabled={!mayWrite}
          data={WINS.map((value) => ({ value, label: t(`condition.kinds.${value}`) }))}
          onChange={(next) => {
            if (next === 'score' && kind !== next)
              set(path, { score, bins: [{ below: 50, probability: 0.05 }, { probability: 0.2 }] })
            if (next === 'category' && kind !== next) set(path, byCategory(category))
          }}
        />
        {kind === 'score' ? (
          <ChoiceField
            path={[...path, 'score']}
            choices={choicesIn(document, 'scores')}
            aria-label={t('condition.score')}
            w={200}
          />
        ) : (
          <Select
            size="xs"
            w={200}
            aria-label={t('condition.category')}
            value={textOf(valueIn(win, ['category']))}
            disabled={!mayWrite}
            data={choicesIn(document, 'categories')}
            onChange={(next) => next !== null && next !== valueIn(win, ['category']) && set(path, byCategory(next))}
          />
        )}
      </Group>
      <Chances path={path} win={win} />
    </Stack>
  )
}

const COLUMNS = ['probability', 'low', 'high', 'leads'] as const

function Chances({ path, win }: { readonly path: Path; readonly win: unknown }) {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const bins = listOf(valueIn(win, ['bins']))
  const category = valueIn(win, ['category'])
  const levels = levelChoices(document, textOf(category))
  const written = entriesOf(valueIn(win, ['levels'])).map(([level]) => level)
  const rows =
    category === undefined
      ? bins.map((_, at) => ({ at: [...path, 'bins', at], name: t('scores.bin', { at: at + 1 }), level: undefined }))
      : [...new Set([...levels.map(({ value }) => value), ...written])].map((level) => ({
          at: [...path, 'levels', level],
          name: levels.find(({ value }) => value === level)?.label ?? level,
          level,
        }))
  return (
    <>
      <Table.ScrollContainer minWidth={440}>
        <Table fz="xs" w="auto" horizontalSpacing={6} verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{category === undefined ? t('condition.operators.below') : spaced(textOf(category))}</Table.Th>
              {COLUMNS.map((column) => (
                <Table.Th key={column}>{t(`value.columns.${column}`)}</Table.Th>
              ))}
              <Table.Th aria-label={t('condition.remove')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ at, name, level }, index) => (
              <Table.Tr key={name}>
                <Table.Td>
                  {level === undefined ? (
                    <NumberField
                      path={[...at, 'below']}
                      aria-label={t('scores.below', { at: index + 1 })}
                      placeholder="∞"
                    />
                  ) : (
                    name
                  )}
                </Table.Td>
                {COLUMNS.map((column) => (
                  <Table.Td key={column}>
                    <NumberField
                      path={[...at, column]}
                      isNeeded={column === 'probability'}
                      aria-label={`${name}: ${t(`value.columns.${column}`)}`}
                      placeholder="–"
                      w={76}
                    />
                  </Table.Td>
                ))}
                <Table.Td>
                  {rows.length > 1 && (level === undefined || written.includes(level)) && (
                    <RemoveButton label={t('form.remove', { name })} remove={() => set(at, undefined)} />
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {category === undefined && mayWrite && (
        <div>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPlus size={12} />}
            onClick={() => set([...path, 'bins'], [{ below: firstEnd(bins), probability: 0.01 }, ...bins])}
          >
            {t('scores.addBin')}
          </Button>
        </div>
      )}
    </>
  )
}

/** A new range comes before the others: half of where the first one ends. */
const firstEnd = (bins: readonly unknown[]): number => Number(valueIn(bins[0], ['below']) ?? 20) / 2
