import { Alert, Button, Group, Modal, NativeSelect, Select, Slider, Stack, Text, TextInput } from '@mantine/core'
import { IconEyeOff } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply, send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { Person } from '../../ui/person.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import classes from './alignment.module.css'

type Rater = Reply<'alignment', 'listRaters'>['items'][number]
type Team = 'marketing' | 'sales'
const SIZES = { min: 10, max: 40, usual: 20 }

export default function StartDialog({ close }: { readonly close: () => void }) {
  const { t } = useTranslation(['alignment', 'common'])
  const navigate = useNavigate()
  const { outline } = useDefinition()
  const formats = useFormats()
  const categories = outline.categories.filter(({ isRanked, isMatrix }) => isRanked && !isMatrix)
  const [title, setTitle] = useState(() => formats.date(Date.now()))
  const [chosen, setCategory] = useState<string>()
  const category = chosen ?? (categories.find(({ name }) => name === 'temperature') ?? categories[0])?.name
  const [size, setSize] = useState(SIZES.usual)
  const [teams, setTeams] = useState<ReadonlyMap<string, Team | null>>(new Map())
  const raters = useQuery(ask('alignment', 'listRaters'))
  const candidates = useQuery({
    ...ask('alignment', 'countCandidates', { query: { category: category ?? '' } }),
    enabled: category !== undefined,
  })
  const teamOf = ({ id, team }: Rater) => (teams.has(id) ? teams.get(id)! : team)
  const members = (raters.data?.items ?? []).flatMap((rater) => {
    const team = teamOf(rater)
    return team === null ? [] : [{ person: rater.id, team }]
  })
  const start = useMutation({
    mutationFn: () => send('alignment', 'startSession', { body: { title, category: category!, size, members } }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['alignment'] })
      await navigate({ to: '/alignment/$session', params: { session: id } })
    },
  })
  const total = candidates.data?.total
  const isEnough = total !== undefined && total >= SIZES.min
  const error = raters.error ?? candidates.error ?? start.error
  return (
    <Modal
      opened
      onClose={close}
      title={t('dialog.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          start.mutate()
        }}
      >
        <Stack gap="md">
          {error && <ErrorNote error={error} />}
          <TextInput
            label={t('dialog.name')}
            required
            data-autofocus
            value={title}
            onChange={({ currentTarget: { value } }) => setTitle(value)}
          />
          <Select
            label={t('dialog.category')}
            data={categories.map(({ name, label }) => ({ value: name, label }))}
            value={category ?? null}
            onChange={(value) => value !== null && setCategory(value)}
          />
          <div>
            <Text size="sm" fw={500} id="alignment-size">
              {t('dialog.size')}: {size}
            </Text>
            <Text size="xs" c="dimmed" mb={6}>
              {t('dialog.sizeSaid')}
            </Text>
            <Slider
              thumbProps={{ 'aria-labelledby': 'alignment-size' }}
              min={SIZES.min}
              max={SIZES.max}
              value={size}
              onChange={setSize}
              label={null}
            />
          </div>
          <fieldset className={classes.people}>
            <legend>{t('dialog.people')}</legend>
            {raters.isPending && <RowsSkeleton count={3} />}
            {raters.data?.items.map((rater) => (
              <Group key={rater.id} gap="sm" wrap="nowrap" justify="space-between">
                <Group gap="sm" wrap="nowrap" miw={0}>
                  <Person name={rater.name} size={26} />
                  <Text size="sm" truncate>
                    {rater.name}
                  </Text>
                </Group>
                <NativeSelect
                  size="xs"
                  w={140}
                  aria-label={t('dialog.team', { name: rater.name })}
                  value={teamOf(rater) ?? ''}
                  data={[
                    { value: '', label: t('dialog.out') },
                    { value: 'marketing', label: t('teams.marketing') },
                    { value: 'sales', label: t('teams.sales') },
                  ]}
                  onChange={({ currentTarget: { value } }) =>
                    setTeams(new Map(teams).set(rater.id, value === '' ? null : (value as Team)))
                  }
                />
              </Group>
            ))}
            {raters.data !== undefined && members.length === 0 && (
              <Text size="sm" c="red">
                {t('dialog.nobody')}
              </Text>
            )}
          </fieldset>
          {total !== undefined && (
            <Text size="sm" c={isEnough ? 'dimmed' : 'red'}>
              {t(isEnough ? 'dialog.candidates' : 'dialog.few', { total: formats.number(total) })}
            </Text>
          )}
          <Alert variant="light" color="gray" icon={<IconEyeOff size={18} />}>
            {t('dialog.blind')}
          </Alert>
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {t('common:actions.cancel')}
            </Button>
            <Button type="submit" loading={start.isPending} disabled={!isEnough || members.length === 0}>
              {t('dialog.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
