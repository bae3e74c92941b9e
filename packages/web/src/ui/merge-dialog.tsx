/** Two things that are one: the other is found, both are looked at side by side, and joined. */
import { Button, Group, Modal, Stack, Table, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorNote, RowsSkeleton } from './states.tsx'
import classes from './merge-dialog.module.css'

export interface Found {
  readonly id: string
  readonly name: string
  readonly about: string
}

interface Merging<Other, Merged> {
  /** Texts that say what kind of thing it is. */
  readonly words: Readonly<Record<'title' | 'find' | 'nobody' | 'hint', string>>
  readonly area: 'leads' | 'accounts'
  /** Everything is found but this. */
  readonly self: string
  readonly find: (q: string) => Promise<readonly Found[]>
  readonly look: (id: string) => Promise<Other>
  readonly compare: (other: Other) => Comparison
  readonly merge: (other: string, because: string | undefined) => Promise<Merged>
  readonly merged: (merged: Merged, other: string) => unknown
}

export function MergeDialog<Other, Merged>({
  isOpen,
  close,
  ...merging
}: Merging<Other, Merged> & { readonly isOpen: boolean; readonly close: () => void }) {
  const { t } = useTranslation()
  const [other, setOther] = useState<string>()
  const leave = () => {
    setOther(undefined)
    close()
  }
  return (
    <Modal
      opened={isOpen}
      onClose={leave}
      size="lg"
      title={merging.words.title}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
    >
      {other === undefined ? (
        <Search {...merging} choose={setOther} />
      ) : (
        <Preview {...merging} other={other} back={() => setOther(undefined)} leave={leave} />
      )}
    </Modal>
  )
}

const LENGTH_MIN = 2

function Search<Other, Merged>({
  words,
  area,
  self,
  find,
  choose,
}: Pick<Merging<Other, Merged>, 'words' | 'area' | 'self' | 'find'> & { readonly choose: (id: string) => void }) {
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 150)
  const { data, error } = useQuery({
    queryKey: [area, 'to merge', q],
    queryFn: () => find(q),
    enabled: q.length >= LENGTH_MIN,
  })
  const found = (data ?? []).filter(({ id }) => id !== self)
  return (
    <Stack gap="sm">
      <TextInput
        label={words.find}
        leftSection={<IconSearch size={15} />}
        data-autofocus
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      {error && <ErrorNote error={error} />}
      <div>
        {found.map(({ id, name, about }) => (
          <UnstyledButton key={id} className={classes.found} onClick={() => choose(id)}>
            <span>{name}</span>
            <Text span size="xs" c="dimmed">
              {about}
            </Text>
          </UnstyledButton>
        ))}
      </div>
      {q.length >= LENGTH_MIN && data !== undefined && found.length === 0 && (
        <Text size="sm" c="dimmed">
          {words.nobody}
        </Text>
      )}
    </Stack>
  )
}

function Preview<Other, Merged>({
  words,
  area,
  other,
  look,
  compare,
  merge,
  merged,
  back,
  leave,
}: Merging<Other, Merged> & {
  readonly other: string
  readonly back: () => void
  readonly leave: () => void
}) {
  const { t } = useTranslation()
  const [because, setBecause] = useState('')
  const { data, error } = useQuery({ queryKey: [area, 'other', other], queryFn: () => look(other) })
  const merging = useMutation({
    mutationFn: () => merge(other, because.trim() || undefined),
    onSuccess: async (result) => {
      leave()
      await merged(result, other)
    },
  })
  if (error) return <ErrorNote error={error} />
  if (data === undefined) return <RowsSkeleton count={5} />
  return (
    <Stack gap="sm">
      <SideBySide {...compare(data)} />
      <Text size="xs" c="dimmed">
        {words.hint}
      </Text>
      <TextInput
        label={t('merging.because')}
        maxLength={1_000}
        value={because}
        onChange={({ currentTarget }) => setBecause(currentTarget.value)}
      />
      {merging.error && <ErrorNote error={merging.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={back}>
          {t('actions.back')}
        </Button>
        <Button loading={merging.isPending} onClick={() => merging.mutate()}>
          {t('merging.confirm')}
        </Button>
      </Group>
    </Stack>
  )
}

export interface ComparedRow {
  readonly name: string
  readonly values: readonly [string, string]
  /** The one that counts, in bold. */
  readonly counts?: 0 | 1
}

/** What both are, beside each other. */
export interface Comparison {
  readonly names: readonly [string, string]
  readonly rows: readonly ComparedRow[]
}

export function SideBySide({ names, rows }: Comparison) {
  return (
    <Table.ScrollContainer minWidth={420} mah={380}>
      <Table fz="sm" className="tabular">
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th scope="col">{names[0]}</Table.Th>
            <Table.Th scope="col">{names[1]}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ name, values, counts }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={counts === undefined ? undefined : 450}>
                {name}
              </Table.Th>
              <Table.Td fw={counts === 0 ? 600 : 400} className={classes.value}>
                {values[0]}
              </Table.Td>
              <Table.Td fw={counts === 1 ? 600 : 400} className={classes.value}>
                {values[1]}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

interface Known {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly attributeTimes: Readonly<Record<string, string>>
}

/** Of two values the later one counts. */
export function attributeRows(
  [first, second]: readonly [Known, Known],
  labelOf: (name: string) => string,
  wordsOf: (value: unknown) => string,
): ComparedRow[] {
  const names = [...new Set([...Object.keys(first.attributes), ...Object.keys(second.attributes)])].toSorted()
  const isSecond = (name: string) =>
    Date.parse(second.attributeTimes[name] ?? '') > Date.parse(first.attributeTimes[name] ?? '') ||
    first.attributes[name] === undefined
  const words = (value: unknown) => (value === undefined ? '–' : wordsOf(value))
  return names.map((name) => ({
    name: labelOf(name),
    values: [words(first.attributes[name]), words(second.attributes[name])],
    counts: isSecond(name) ? 1 : 0,
  }))
}
