/** What is done to many leads at once: run by the server, told when it has ended, and put back by *Undo*. */
import { Button, Menu, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconChevronDown, IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type InputOf, type Reply, send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { useMay } from '../../app/session.ts'
import { ErrorNote } from '../../ui/states.tsx'
import { offerReversal } from '../../app/undo.ts'
import { typedValue } from './add-lead.tsx'
import classes from './leads.module.css'
import { type LeadSearch, listAddress } from './search.ts'
import type { Selection } from './selection.ts'

type Action = InputOf<'bulkActions', 'startBulk'>['body']['action']
type Bulk = Reply<'bulkActions', 'getBulk'>

const LOOK_MS = 300
const DECISIONS = ['accept', 'qualify', 'recycle', 'reject', 'disqualify', 'lose'] as const
type Decision = (typeof DECISIONS)[number]
/** These need none. */
const WITHOUT_REASON: readonly Decision[] = ['accept', 'qualify']
const EXCLUSIONS = ['internal', 'competitor', 'test'] as const

async function ended(bulk: Bulk): Promise<Bulk> {
  let now = bulk
  while (now.state === 'waiting' || now.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    now = await send('bulkActions', 'getBulk', { params: { bulk: bulk.id } })
  }
  for (const area of ['lead-list', 'leads', 'queue']) void queries.invalidateQueries({ queryKey: [area] })
  return now
}

/** Says what came of it, and offers to put it back. */
function useTold(showRefusals: (bulk: Bulk) => void): (bulk: Bulk) => void {
  const { t } = useTranslation('leads')
  const formats = useFormats()
  const said = (what: 'changed' | 'undone', { changed, refused }: Bulk) => {
    const number = (count: number) => ({ count, number: formats.number(count, 0) })
    const done = t(`bulk.${what}`, number(changed))
    return refused === 0 ? done : `${done} ${t('bulk.refused', number(refused))}`
  }
  const undo = async (bulk: Bulk) => {
    const undone = await ended(await send('bulkActions', 'undoBulk', { params: { bulk: bulk.id } }))
    notifications.show({ message: said('undone', undone) })
    if (undone.refused > 0) showRefusals(undone)
  }
  return (bulk) => {
    if (bulk.error !== null) notifications.show({ color: 'red', message: `${bulk.error.message}. ${bulk.error.hint}` })
    else if (bulk.isUndoable) offerReversal(said('changed', bulk), () => undo(bulk))
    else notifications.show({ message: said('changed', bulk) })
    if (bulk.refused > 0) showRefusals(bulk)
  }
}

interface BulkProps {
  readonly selection: Selection
  readonly search: LeadSearch
  readonly q: string
  /** How many fit what is asked for. */
  readonly total: number | undefined
  readonly showRefusals: (bulk: Bulk) => void
}

export function BulkBar({ selection, search, q, total, showRefusals }: BulkProps) {
  const { t } = useTranslation('leads')
  const formats = useFormats()
  const may = useMay()
  const tell = useTold(showRefusals)
  const [areAll, setAll] = useState(false)
  const [asking, setAsking] = useState<Decision | 'attribute'>()
  const starting = useMutation({
    mutationFn: async (action: Action) => {
      const whom = areAll ? { query: listAddress(search, q) } : { leads: [...selection.ids] }
      return ended(await send('bulkActions', 'startBulk', { body: { ...whom, action } }))
    },
    onSuccess: (bulk) => {
      selection.clear()
      setAsking(undefined)
      tell(bulk)
    },
  })
  const decide = (decision: Decision) => {
    if (WITHOUT_REASON.includes(decision)) starting.mutate({ kind: 'decide', decision })
    else setAsking(decision)
  }
  const count = areAll ? (total ?? selection.count) : selection.count
  const isMore = total !== undefined && total > selection.count
  return (
    <section className={classes.bulk} aria-label={t('bulk.label')}>
      <Text size="sm" fw={560} className="tabular">
        {t('bulk.selected', { count, number: formats.number(count, 0) })}
      </Text>
      {isMore && (
        <Button size="compact-sm" variant="subtle" onClick={() => setAll(!areAll)}>
          {areAll ? t('bulk.onlyPicked') : t('bulk.all', { number: formats.number(total, 0) })}
        </Button>
      )}
      {may('decisions:write') && (
        <Choice label={t('bulk.decide')} isBusy={starting.isPending}>
          {DECISIONS.map((decision) => (
            <Menu.Item key={decision} onClick={() => decide(decision)}>
              {t(`bulk.decisions.${decision}`)}
            </Menu.Item>
          ))}
        </Choice>
      )}
      <Button size="compact-sm" variant="default" disabled={starting.isPending} onClick={() => setAsking('attribute')}>
        {t('bulk.attribute')}
      </Button>
      <Choice label={t('bulk.exclude')} isBusy={starting.isPending}>
        {EXCLUSIONS.map((as) => (
          <Menu.Item key={as} onClick={() => starting.mutate({ kind: 'exclude', as })}>
            {t(`bulk.excludeAs.${as}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => starting.mutate({ kind: 'include' })}>{t('bulk.include')}</Menu.Item>
      </Choice>
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        aria-label={t('bulk.clear')}
        onClick={selection.clear}
        px={6}
      >
        <IconX size={15} aria-hidden />
      </Button>
      <Modal
        opened={asking !== undefined || starting.error !== null}
        onClose={() => {
          setAsking(undefined)
          starting.reset()
        }}
        title={asking === undefined || asking === 'attribute' ? t('bulk.attribute') : t(`bulk.decisions.${asking}`)}
        closeButtonProps={{ 'aria-label': t('actions.close', { ns: 'common' }) }}
      >
        {asking === 'attribute' && <AttributeForm count={count} start={starting.mutate} isBusy={starting.isPending} />}
        {asking !== undefined && asking !== 'attribute' && (
          <ReasonForm decision={asking} count={count} start={starting.mutate} isBusy={starting.isPending} />
        )}
        {starting.error && <ErrorNote error={starting.error} />}
      </Modal>
    </section>
  )
}

const Choice = ({
  label,
  isBusy,
  children,
}: {
  readonly label: string
  readonly isBusy: boolean
  readonly children: React.ReactNode
}) => (
  <Menu position="top">
    <Menu.Target>
      <Button
        size="compact-sm"
        variant="default"
        disabled={isBusy}
        rightSection={<IconChevronDown size={13} aria-hidden />}
      >
        {label}
      </Button>
    </Menu.Target>
    <Menu.Dropdown>{children}</Menu.Dropdown>
  </Menu>
)

interface FormProps {
  readonly count: number
  readonly start: (action: Action) => void
  readonly isBusy: boolean
}

function ReasonForm({ decision, count, start, isBusy }: FormProps & { readonly decision: Decision }) {
  const { t } = useTranslation('leads')
  const reasons = useDefinition().reasons(decision)
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start({ kind: 'decide', decision, reason })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {reasons.length > 0 ? (
          <Select
            required
            data-autofocus
            label={t('bulk.reason')}
            data={[...reasons]}
            value={reason === '' ? null : reason}
            onChange={(next) => setReason(next ?? '')}
          />
        ) : (
          <TextInput
            required
            data-autofocus
            maxLength={2000}
            label={t('bulk.reason')}
            value={reason}
            onChange={({ currentTarget: { value } }) => setReason(value)}
          />
        )}
        <Submit count={count} isBusy={isBusy} isDisabled={reason.trim() === ''} />
      </Stack>
    </form>
  )
}

function AttributeForm({ count, start, isBusy }: FormProps) {
  const { t } = useTranslation('leads')
  const { outline, attribute } = useDefinition()
  const [name, setName] = useState('')
  const [value, setValue] = useState('')
  const known = attribute(name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start({ kind: 'attribute', name, value: value.trim() === '' ? null : typedValue(value, known?.type) })
  }
  const choices = known?.type === 'boolean' ? ['true', 'false'] : (known?.choices ?? [])
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Select
          required
          searchable
          data-autofocus
          label={t('add.attribute')}
          data={outline.attributes
            .filter(({ about }) => about === 'lead')
            .map((each) => ({ value: each.name, label: each.label }))}
          value={name === '' ? null : name}
          onChange={(next) => {
            setName(next ?? '')
            setValue('')
          }}
        />
        {choices.length > 0 ? (
          <Select
            clearable
            label={t('add.value')}
            description={t('bulk.emptyForgets')}
            data={[...choices]}
            value={value === '' ? null : value}
            onChange={(next) => setValue(next ?? '')}
          />
        ) : (
          <TextInput
            label={t('add.value')}
            description={t('bulk.emptyForgets')}
            maxLength={1000}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        )}
        <Submit count={count} isBusy={isBusy} isDisabled={name === ''} />
      </Stack>
    </form>
  )
}

function Submit({
  count,
  isBusy,
  isDisabled,
}: {
  readonly count: number
  readonly isBusy: boolean
  readonly isDisabled: boolean
}) {
  const { t } = useTranslation('leads')
  const formats = useFormats()
  return (
    <Button type="submit" loading={isBusy} disabled={isDisabled}>
      {t('bulk.submit', { count, number: formats.number(count, 0) })}
    </Button>
  )
}
