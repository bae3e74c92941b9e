/** What is kept out of capture, and how messages are read: all of it is saved at once. */
import {
  ActionIcon,
  Button,
  Fieldset,
  Group,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Reply, send } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { ErrorNote } from '../../ui/states.tsx'
import { KINDS, readForm, writtenForm, type ExclusionsEntered } from './exclusions.ts'

type CaptureSettings = Reply<'capture', 'getCaptureSettings'>

export function ExclusionsForm({ settings }: { readonly settings: CaptureSettings }) {
  const { t } = useTranslation(['settings', 'common'])
  const [saved, setSaved] = useState(() => readForm(settings))
  const [entered, setEntered] = useState(saved)
  const change = (next: Partial<ExclusionsEntered>) => setEntered({ ...entered, ...next })
  const save = useMutation({
    mutationFn: () => send('capture', 'putCaptureSettings', { body: writtenForm(settings, entered) }),
    onSuccess: (next) => {
      const now = readForm(next)
      setSaved(now)
      setEntered(now)
      notifications.show({ message: t('exclusions.saved') })
      return queries.invalidateQueries({ queryKey: ['capture'] })
    },
  })
  const isChanged = JSON.stringify(saved) !== JSON.stringify(entered)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack gap="md" maw={680}>
        <Text size="sm" c="dimmed">
          {t('exclusions.said')}
        </Text>
        <Fieldset legend={t('exclusions.groups.people')}>
          <Stack gap="md">
            {KINDS.map((kind) => (
              <Textarea
                key={kind}
                label={t(`exclusions.${kind}`)}
                description={t('exclusions.lines')}
                autosize
                minRows={2}
                maxRows={10}
                value={entered.emails[kind]}
                onChange={({ currentTarget: { value } }) => change({ emails: { ...entered.emails, [kind]: value } })}
              />
            ))}
            <Attributes entered={entered} change={change} />
          </Stack>
        </Fieldset>
        <Fieldset legend={t('exclusions.groups.reading')}>
          <Stack gap="md">
            {(
              [
                ['events', 'eventsHint'],
                ['personalMore', 'personalMoreHint'],
                ['personalNot', 'personalNotHint'],
              ] as const
            ).map(([list, hint]) => (
              <TagsInput
                key={list}
                label={t(`exclusions.${list}`)}
                description={t(`exclusions.${hint}`)}
                placeholder={t('exclusions.addMore')}
                acceptValueOnBlur
                splitChars={list === 'events' ? [','] : [',', ' ']}
                value={[...entered[list]]}
                onChange={(value) => change({ [list]: value })}
              />
            ))}
          </Stack>
        </Fieldset>
        <Fieldset legend={t('exclusions.groups.network')}>
          <Stack gap="md">
            <Textarea
              label={t('exclusions.addresses')}
              description={t('exclusions.addressesHint')}
              autosize
              minRows={2}
              value={entered.addresses}
              onChange={({ currentTarget: { value } }) => change({ addresses: value })}
            />
            <Switch
              label={t('exclusions.bots')}
              checked={entered.ignoresBots}
              onChange={({ currentTarget: { checked } }) => change({ ignoresBots: checked })}
            />
          </Stack>
        </Fieldset>
        {save.error && <ErrorNote error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!isChanged}>
            {t('common:actions.save')}
          </Button>
          {isChanged && (
            <Text size="sm" c="dimmed">
              {t('exclusions.unsaved')}
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  )
}

function Attributes({
  entered: { attributes },
  change,
}: {
  readonly entered: ExclusionsEntered
  readonly change: (next: Partial<ExclusionsEntered>) => void
}) {
  const { t } = useTranslation('settings')
  const set = (at: number, next: Partial<ExclusionsEntered['attributes'][number]>) =>
    change({ attributes: attributes.with(at, { ...attributes[at]!, ...next }) })
  return (
    <div>
      <Text size="sm" fw={500}>
        {t('exclusions.attributes')}
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        {t('exclusions.attributesHint')}
      </Text>
      <Stack gap="xs">
        {attributes.map(({ name, is, as }, index) => {
          const at = index + 1
          return (
            // oxlint-disable-next-line react/no-array-index-key -- a line has no name but its place
            <Group key={index} gap="xs">
              <TextInput
                w={150}
                required
                aria-label={t('exclusions.attributeOf', { at })}
                placeholder={t('exclusions.attributeName')}
                value={name}
                maxLength={200}
                onChange={({ currentTarget: { value } }) => set(index, { name: value })}
              />
              <Text size="sm">{t('exclusions.attributeIs')}</Text>
              <TextInput
                w={150}
                required
                aria-label={t('exclusions.valueOf', { at })}
                value={is}
                maxLength={1_000}
                onChange={({ currentTarget: { value } }) => set(index, { is: value })}
              />
              <Select
                w={150}
                aria-label={t('exclusions.asOf', { at })}
                data={KINDS.map((value) => ({ value, label: t(`exclusions.kinds.${value}`) }))}
                value={as}
                onChange={(next) => next !== null && set(index, { as: next })}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('exclusions.removeAttribute', { at })}
                onClick={() => change({ attributes: attributes.toSpliced(index, 1) })}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          )
        })}
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => change({ attributes: [...attributes, { name: '', is: '', as: 'test' }] })}
          >
            {t('exclusions.addAttribute')}
          </Button>
        </div>
      </Stack>
    </div>
  )
}
