/** A lead by hand: an e-mail address, and what else somebody knows. */
import { Button, Fieldset, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { queries } from '../../app/queries.ts'
import { ErrorNote } from '../../ui/states.tsx'

interface Row {
  readonly key: number
  readonly name: string
  readonly value: string
}

const isTold = ({ name, value }: Row) => name !== '' && value.trim() !== ''

export function AddLead({ isOpen, close }: { readonly isOpen: boolean; readonly close: () => void }) {
  const { t } = useTranslation('leads')
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t('add.title')}
      closeButtonProps={{ 'aria-label': t('actions.close', { ns: 'common' }) }}
    >
      <Form close={close} />
    </Modal>
  )
}

function Form({ close }: { readonly close: () => void }) {
  const { t } = useTranslation('leads')
  const navigate = useNavigate()
  const { attribute } = useDefinition()
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [source, setSource] = useState('')
  const [rows, setRows] = useState<readonly Row[]>([{ key: 0, name: '', value: '' }])
  const adding = useMutation({
    mutationFn: () => {
      const told = rows
        .filter(isTold)
        .map((row) => [row.name, typedValue(row.value, attribute(row.name)?.type)] as const)
      const attributes = { email, ...(name.trim() !== '' && { name: name.trim() }), ...Object.fromEntries(told) }
      const touch = source.trim() === '' ? {} : { touch: { source: source.trim() } }
      return send('leads', 'createLead', { body: { attributes, ...touch } })
    },
    onSuccess: ({ id }) => {
      void queries.invalidateQueries({ queryKey: ['lead-list'] })
      void queries.invalidateQueries({ queryKey: ['leads'] })
      close()
      void navigate({ to: '/leads/$lead', params: { lead: id } })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    adding.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          data-autofocus
          required
          type="email"
          maxLength={254}
          label={t('add.email')}
          value={email}
          onChange={({ currentTarget: { value } }) => setEmail(value)}
        />
        <TextInput
          maxLength={200}
          label={t('add.name')}
          value={name}
          onChange={({ currentTarget: { value } }) => setName(value)}
        />
        <TextInput
          maxLength={200}
          label={t('add.source')}
          placeholder={t('add.sourceExample')}
          value={source}
          onChange={({ currentTarget: { value } }) => setSource(value)}
        />
        <Known rows={rows} setRows={setRows} />
        {adding.error && <ErrorNote error={adding.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('actions.cancel', { ns: 'common' })}
          </Button>
          <Button type="submit" loading={adding.isPending}>
            {t('add.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** What else is known: a row for each attribute, and an empty one for the next. */
function Known({ rows, setRows }: { readonly rows: readonly Row[]; readonly setRows: (rows: readonly Row[]) => void }) {
  const { t } = useTranslation('leads')
  const { outline, attribute } = useDefinition()
  const offered = outline.attributes.filter(({ about, name }) => about === 'lead' && !['email', 'name'].includes(name))
  const set = (index: number, row: Row) => {
    const next = rows.map((each, at) => (at === index ? row : each))
    setRows(
      next.every(isTold) && next.length < offered.length ? [...next, { key: next.length, name: '', value: '' }] : next,
    )
  }
  if (offered.length === 0) return null
  return (
    <Fieldset variant="unstyled" legend={t('add.known')}>
      <Stack gap={6}>
        {rows.map((row, index) => {
          const taken = new Set(rows.filter((each) => each !== row).map((each) => each.name))
          const choices = attribute(row.name)?.choices ?? []
          return (
            <Group key={row.key} gap={6} wrap="nowrap">
              <Select
                flex={1}
                searchable
                aria-label={t('add.attribute')}
                placeholder={t('add.attribute')}
                data={offered.filter(({ name }) => !taken.has(name)).map(({ name, label }) => ({ value: name, label }))}
                value={row.name === '' ? null : row.name}
                onChange={(name) => set(index, { ...row, name: name ?? '', value: '' })}
              />
              {choices.length > 0 ? (
                <Select
                  flex={1}
                  searchable
                  aria-label={t('add.value')}
                  placeholder={t('add.value')}
                  data={choices}
                  value={row.value === '' ? null : row.value}
                  onChange={(value) => set(index, { ...row, value: value ?? '' })}
                />
              ) : (
                <TextInput
                  flex={1}
                  maxLength={1000}
                  aria-label={t('add.value')}
                  placeholder={t('add.value')}
                  value={row.value}
                  disabled={row.name === ''}
                  onChange={({ currentTarget: { value } }) => set(index, { ...row, value })}
                />
              )}
            </Group>
          )
        })}
      </Stack>
    </Fieldset>
  )
}

/** Written as it is where it is not what the definition expects: the server says so then. */
export function typedValue(written: string, type: string | undefined): string | number | boolean | string[] {
  const text = written.trim()
  if (type === 'number' && /^-?\d+(?:\.\d+)?$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return type === 'choices' ? [text] : text
}
