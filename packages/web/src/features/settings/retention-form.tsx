/** How long activities are kept. What would be forgotten is shown before anything is saved, and agreed to by its number. */
import {
  Alert,
  Button,
  Group,
  List,
  Modal,
  NumberInput,
  Radio,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type InputOf, type Reply, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { Moment } from '../../ui/moment.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'

type Retention = Reply<'retention', 'getRetention'>
type Preview = Reply<'retention', 'previewRetention'>
type Wish = InputOf<'retention', 'putRetention'>['body']

const MONTHS_MIN = 3
const MONTHS_MAX = 120
const MONTHS_USUAL = 24
const LOOK_MS = 2000

export function RetentionForm() {
  const { t } = useTranslation('settings')
  const [awaited, setAwaited] = useState<string>()
  const isForgotten = ({ forgottenBefore }: Retention) =>
    awaited === undefined || (forgottenBefore !== null && forgottenBefore >= awaited)
  const known = useQuery({
    ...ask('retention', 'getRetention', {}),
    refetchInterval: ({ state: { data } }) => (data === undefined || isForgotten(data) ? false : LOOK_MS),
  })
  return (
    <Stack gap="md" maw={640} component="section">
      <Title order={2}>{t('retention.title')}</Title>
      <Text size="sm" c="dimmed">
        {t('retention.said')}
      </Text>
      {known.error && <ErrorNote error={known.error} />}
      {known.isPending && <RowsSkeleton count={2} />}
      {known.data !== undefined && (
        <>
          <Form key={String(known.data.months)} retention={known.data} saved={setAwaited} />
          {!isForgotten(known.data) && (
            <output>
              <Alert color="gray">{t('retention.forgetting')}</Alert>
            </output>
          )}
          <Forgettings items={known.data.forgettings} />
        </>
      )}
    </Stack>
  )
}

/** @param saved  told what is about to be forgotten, if anything is */
function Form({
  retention: { months: known },
  saved,
}: {
  readonly retention: Retention
  readonly saved: (before: string | undefined) => void
}) {
  const { t } = useTranslation(['settings', 'common'])
  const [keeps, setKeeps] = useState<'ever' | 'months'>(known === null ? 'ever' : 'months')
  const [months, setMonths] = useState<number | string>(known ?? MONTHS_USUAL)
  const [agreeing, setAgreeing] = useState(false)
  const wanted = keeps === 'ever' ? null : months
  const isMonths = typeof wanted === 'number' && wanted >= MONTHS_MIN && wanted <= MONTHS_MAX
  const [asked] = useDebouncedValue(isMonths ? wanted : undefined, 250)
  const preview = useQuery({
    ...ask('retention', 'previewRetention', { query: { months: asked ?? MONTHS_USUAL } }),
    enabled: asked !== undefined,
    placeholderData: keepPreviousData,
  })
  const isPreviewed = isMonths && asked === wanted && preview.data !== undefined && !preview.isPlaceholderData
  const saving = useMutation({
    mutationFn: (body: Wish) => send('retention', 'putRetention', { body }),
    onSuccess: async (_, { before }) => {
      setAgreeing(false)
      saved(before)
      notifications.show({ message: t('retention.saved') })
      await queries.invalidateQueries({ queryKey: ['retention'] })
    },
  })
  const forgets = isPreviewed && preview.data.activities > 0 ? preview.data : undefined
  const save = () => {
    if (wanted === null) saving.mutate({ months: null })
    else if (isPreviewed && forgets === undefined) saving.mutate({ months: wanted })
    else if (forgets !== undefined) setAgreeing(true)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <Stack gap="md">
        <Radio.Group label={t('retention.keep')} value={keeps} onChange={(each) => setKeeps(each)}>
          <Stack mt="sm" gap="sm">
            <Radio value="ever" label={t('retention.ever')} />
            <Radio value="months" label={t('retention.forMonths')} description={t('retention.quarters')} />
          </Stack>
        </Radio.Group>
        {keeps === 'months' && (
          <NumberInput
            label={t('retention.months')}
            value={months}
            onChange={setMonths}
            min={MONTHS_MIN}
            max={MONTHS_MAX}
            allowDecimal={false}
            clampBehavior="strict"
            w={160}
          />
        )}
        {keeps === 'months' && preview.error && <ErrorNote error={preview.error} />}
        {isPreviewed && wanted !== known && <Would preview={preview.data} />}
        {saving.error && <ErrorNote error={saving.error} />}
        <Group>
          <Button
            type="submit"
            disabled={wanted === known || (wanted !== null && !isPreviewed)}
            loading={saving.isPending && !agreeing}
          >
            {t('common:actions.save')}
          </Button>
        </Group>
      </Stack>
      {forgets !== undefined && (
        <Agreement
          preview={forgets}
          isOpen={agreeing}
          close={() => setAgreeing(false)}
          isSaving={saving.isPending}
          agree={() => saving.mutate({ months: Number(wanted), before: forgets.before })}
        />
      )}
    </form>
  )
}

function Would({ preview: { before, activities, leads } }: { readonly preview: Preview }) {
  const { t } = useTranslation('settings')
  const formats = useFormats()
  const day = formats.day(before.slice(0, 10))
  return (
    <output>
      <Text size="sm">
        {activities === 0
          ? t('retention.nothing', { before: day })
          : t('retention.would', {
              before: day,
              activities: formats.number(activities, 0),
              leads: formats.number(leads, 0),
            })}
      </Text>
    </output>
  )
}

function Agreement({
  preview,
  isOpen,
  close,
  isSaving,
  agree,
}: {
  readonly preview: Preview
  readonly isOpen: boolean
  readonly close: () => void
  readonly isSaving: boolean
  readonly agree: () => void
}) {
  const { t } = useTranslation(['settings', 'common'])
  const [typed, setTyped] = useState('')
  const word = String(preview.activities)
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t('retention.agree')}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      <Stack gap="md">
        <Would preview={preview} />
        <List size="sm" spacing={4}>
          <List.Item>{t('retention.counts')}</List.Item>
          <List.Item>{t('retention.stays')}</List.Item>
          <List.Item>{t('retention.past')}</List.Item>
          <List.Item>{t('retention.backups')}</List.Item>
        </List>
        <TextInput
          label={t('retention.type', { word })}
          value={typed}
          onChange={({ currentTarget: { value } }) => setTyped(value)}
          inputMode="numeric"
          autoComplete="off"
          data-autofocus
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common:actions.cancel')}
          </Button>
          <Button color="red" disabled={typed.trim() !== word} loading={isSaving} onClick={agree}>
            {t('retention.confirm')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Forgettings({ items }: { readonly items: Retention['forgettings'] }) {
  const { t } = useTranslation('settings')
  const formats = useFormats()
  if (items.length === 0) return null
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('retention.at')}</Table.Th>
            <Table.Th>{t('retention.before')}</Table.Th>
            <Table.Th ta="right">{t('retention.activities')}</Table.Th>
            <Table.Th ta="right">{t('retention.leads')}</Table.Th>
            <Table.Th>{t('retention.version')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map(({ at, before, activities, leads, version }) => (
            <Table.Tr key={before}>
              <Table.Td>
                <Moment at={at} />
              </Table.Td>
              <Table.Td>{formats.day(before.slice(0, 10))}</Table.Td>
              <Table.Td ta="right">{formats.number(activities, 0)}</Table.Td>
              <Table.Td ta="right">{formats.number(leads, 0)}</Table.Td>
              <Table.Td>
                {version !== null && (
                  <Link to="/definition/versions/$version" params={{ version: String(version) }} className="link">
                    {formats.number(version, 0)}
                  </Link>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
