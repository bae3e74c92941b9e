/** A real lead as an example of a draft, without who it is: what should come out of it from now on is for people to say. */
import { Alert, Anchor, Button, Code, Group, Modal, NativeSelect, Select, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowRight, IconShieldCheck } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, ask, send, type Reply } from '../app/api.ts'
import { useNow } from '../app/clock.ts'
import { useDefinition } from '../app/definition.ts'
import { useFormats } from '../app/format.ts'
import { queries } from '../app/queries.ts'
import { readValue, setIn, valueIn } from '../app/yaml-text.ts'
import { LevelChip } from './level-chip.tsx'
import classes from './pin.module.css'
import { ErrorNote, RowsSkeleton } from './states.tsx'

export interface Pinning {
  readonly lead: string
  /** As it was then, by what had been received by then; as it is now where silent. */
  readonly at?: string | undefined
  readonly known?: string | undefined
  /** Levels, and `stage`, that somebody sees before them; what the draft says where silent. */
  readonly seen?: Readonly<Record<string, string>> | undefined
  /** The draft to begin with. */
  readonly draft?: string | undefined
}

type Pinned = Reply<'definitions', 'pinLead'>
type Example = Pinned['example']
type Drafts = Reply<'definitions', 'listDrafts'>['items']

const NEW = 'new'

export default function PinDialog({ pinning, close }: { readonly pinning: Pinning; readonly close: () => void }) {
  const { t } = useTranslation(['pin', 'common'])
  const drafts = useQuery(ask('definitions', 'listDrafts'))
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t('title')}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      {drafts.error ? (
        <ErrorNote error={drafts.error} />
      ) : drafts.data === undefined ? (
        <RowsSkeleton count={4} />
      ) : (
        <Form pinning={pinning} drafts={drafts.data.items} close={close} />
      )}
    </Modal>
  )
}

function Form({
  pinning: { lead, at, known, seen, draft },
  drafts,
  close,
}: {
  readonly pinning: Pinning
  readonly drafts: Drafts
  readonly close: () => void
}) {
  const { t } = useTranslation(['pin', 'common'])
  const { version } = useDefinition().outline
  const [target, setTarget] = useState(() => (drafts.find(({ id }) => id === draft) ?? drafts[0])?.id ?? NEW)
  const chosen = drafts.find(({ id }) => id === target)
  const pinned = useQuery({
    ...ask('definitions', 'pinLead', {
      params: { lead },
      query: {
        definition: target === NEW ? 'live' : `draft:${target}`,
        ...(at !== undefined && { at }),
        ...(known !== undefined && { knownAt: known }),
      },
    }),
    retry: false,
    staleTime: 0,
  })
  const choices = drafts.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <Stack gap="md">
      <Text size="sm">{t('said')}</Text>
      <Select
        label={t('draft')}
        allowDeselect={false}
        data={[...choices, { value: NEW, label: t('newDraft', { version: version ?? '–' }) }]}
        value={target}
        onChange={(next) => setTarget(next ?? NEW)}
      />
      {chosen?.proposal && (
        <Alert variant="light" color="yellow" p="xs">
          {t('isProposed', { count: chosen.proposal.signatures })}
        </Alert>
      )}
      {pinned.error ? (
        <ErrorNote error={pinned.error} />
      ) : pinned.data === undefined ? (
        <RowsSkeleton count={4} />
      ) : (
        <Expecting key={target} pinned={pinned.data} seen={seen} at={at} target={target} close={close} />
      )}
    </Stack>
  )
}

/** What should come out, what goes in, and under which name. */
function Expecting({
  pinned: { example, replaced, leftOut },
  seen,
  at,
  target,
  close,
}: {
  readonly pinned: Pinned
  readonly seen: Pinning['seen']
  readonly at: string | undefined
  readonly target: string
  readonly close: () => void
}) {
  const { t } = useTranslation(['pin', 'common'])
  const words = useDefinition()
  const formats = useFormats()
  const now = useNow()
  const outcomes = outcomesOf(example)
  const categories = words.outline.categories.filter(({ name, isRanked }) => isRanked && name in outcomes)
  const [wanted, setWanted] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(
      ['stage', ...categories.filter(({ isMatrix }) => !isMatrix).map(({ name }) => name)].flatMap((name) => {
        const value = seen?.[name] ?? outcomes[name]
        return value === undefined ? [] : [[name, value]]
      }),
    ),
  )
  const [isStageChosen, setStageChosen] = useState(false)
  const levels = categories.flatMap(({ name, label }) =>
    wanted[name] === undefined ? [] : [`${label} ${words.level(name, wanted[name]).level}`],
  )
  const suggestion = t('nameSuggestion', { levels: formats.list(levels), date: formats.date(at ?? now) })
  const [name, setName] = useState('')
  const want = (what: string, value: string) => {
    if (what === 'stage') setStageChosen(true)
    setWanted((before) => {
      const { [what]: _, ...others } = before
      // Whoever wants another level rarely wants the stage that the old one led to.
      const { stage, ...rest } = others
      const kept = what === 'stage' || isStageChosen || stage === undefined ? others : rest
      return value === '' ? kept : { ...kept, [what]: value }
    })
  }
  const said = name.trim() === '' ? suggestion : name.trim()
  const written: Example = { ...example, name: said, expect: expectationOf(wanted) }
  const pin = usePin(target, written, close)
  const failing = Object.entries(wanted).filter(([what, value]) => outcomes[what] !== value).length
  const isNothing = Object.keys(wanted).length === 0
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        pin.mutate()
      }}
    >
      <Stack gap="md">
        <TextInput
          label={t('name')}
          description={t('nameHint')}
          placeholder={suggestion}
          maxLength={200}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <div>
          <Text size="sm" fw={600}>
            {t('expected')}
          </Text>
          <ul className={classes.rows}>
            {categories.map(({ name: category, label, levels: listed }) => (
              <Row
                key={category}
                label={label}
                outcome={<LevelChip {...words.level(category, outcomes[category]!)} />}
                choices={withOutcome(listed, outcomes[category]!)}
                value={wanted[category] ?? ''}
                differs={wanted[category] !== undefined && wanted[category] !== outcomes[category]}
                choose={(value) => want(category, value)}
              />
            ))}
            {outcomes['stage'] !== undefined && (
              <Row
                label={t('stage')}
                outcome={<Text size="sm">{words.stageLabel(outcomes['stage'])}</Text>}
                choices={withOutcome(
                  words.outline.stages.map((stage) => ({ ...stage, name: stage.name })),
                  outcomes['stage'],
                )}
                value={wanted['stage'] ?? ''}
                differs={wanted['stage'] !== undefined && wanted['stage'] !== outcomes['stage']}
                choose={(value) => want('stage', value)}
              />
            )}
          </ul>
          {failing > 0 && (
            <Text size="sm" mt="xs" component="output" display="block">
              {t(target === NEW ? 'failsLive' : 'fails', { count: failing })}
            </Text>
          )}
        </div>
        <details>
          <summary className={classes.summary}>
            <IconShieldCheck size={16} aria-hidden />
            {t('without', { count: example.facts.length })}
          </summary>
          <Text size="xs" c="dimmed" my="xs">
            {replaced.length > 0 && `${t('replaced', { names: formats.list(replaced.map(words.attributeLabel)) })} `}
            {leftOut > 0 && t('leftOut', { count: leftOut })}
          </Text>
          <Code block tabIndex={0} className={classes.text}>
            {textOf(written)}
          </Code>
        </details>
        {pin.error && <ErrorNote error={pin.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common:actions.cancel')}
          </Button>
          <Button type="submit" loading={pin.isPending} disabled={isNothing}>
            {t('submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Row({
  label,
  outcome,
  choices,
  value,
  differs,
  choose,
}: {
  readonly label: string
  readonly outcome: React.ReactNode
  readonly choices: readonly { readonly name: string; readonly label: string }[]
  readonly value: string
  readonly differs: boolean
  readonly choose: (value: string) => void
}) {
  const { t } = useTranslation('pin')
  return (
    <li className={classes.row} data-differs={differs || undefined}>
      <span>{label}</span>
      <span className={classes.outcome}>{outcome}</span>
      <IconArrowRight size={15} aria-hidden className={classes.arrow} />
      <NativeSelect
        size="xs"
        aria-label={t('shouldBe', { what: label })}
        value={value}
        data={[{ value: '', label: t('any') }, ...choices.map((each) => ({ value: each.name, label: each.label }))]}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
    </li>
  )
}

const withOutcome = (
  listed: readonly { readonly name: string; readonly label: string }[],
  outcome: string,
): readonly { readonly name: string; readonly label: string }[] =>
  listed.some(({ name }) => name === outcome) ? listed : [...listed, { name: outcome, label: outcome }]

/** As it will stand in the draft. */
const textOf = (example: Example): string =>
  setIn('winnow: 1\n', ['examples'], [example]).split('\n').slice(2).join('\n').trimEnd()

const outcomesOf = ({ expect: { levels, stage } }: Example): Readonly<Record<string, string>> => ({
  ...levels,
  ...(stage !== undefined && { stage }),
})

function expectationOf({ stage, ...levels }: Readonly<Record<string, string>>): Example['expect'] {
  return {
    ...(Object.keys(levels).length > 0 && { levels }),
    ...(stage !== undefined && { stage }),
  }
}

// --- Into the draft --------------------------------------------------------------------------------------------------

function usePin(target: string, example: Example, close: () => void) {
  const { t } = useTranslation('pin')
  const navigate = useNavigate()
  const { version } = useDefinition().outline
  return useMutation({
    mutationFn: async () => {
      const draft =
        target === NEW
          ? await send('definitions', 'createDraft', {
              body: { name: t('draftName', { name: example.name }).slice(0, 200), basedOn: version! },
            })
          : undefined
      return addExample(draft?.id ?? target, example)
    },
    onSuccess: async ({ id, name }) => {
      close()
      await queries.invalidateQueries({ queryKey: ['definitions'] })
      // Notes stand outside of what the router knows: they are told where to lead.
      const open = () =>
        void navigate({ to: '/definition/drafts/$draft', params: { draft: id }, search: { beside: 'examples' } })
      notifications.show({
        message: (
          <>
            {t('done', { draft: name })}{' '}
            <Anchor component="button" type="button" size="sm" onClick={open}>
              {t('open')}
            </Anchor>
          </>
        ),
      })
    },
  })
}

/** Everything else in the text stays as it is; once more on what somebody else has saved meanwhile. */
async function addExample(id: string, example: Example, isAgain = false): Promise<Reply<'definitions', 'saveDraft'>> {
  const { name, text, revision } = await send('definitions', 'getDraft', { params: { draft: id } })
  const before = valueIn(readValue(text), ['examples'])
  const examples: readonly unknown[] = Array.isArray(before) ? before : []
  const named = { ...example, name: freeName(example.name, examples) }
  const body = { name, revision, text: setIn(text, ['examples'], [...examples, named]) }
  try {
    return await send('definitions', 'saveDraft', { params: { draft: id }, body })
  } catch (error) {
    if (!isAgain && error instanceof ApiError && error.code === 'conflict') return addExample(id, example, true)
    throw error
  }
}

/** Examples are told apart by their names. */
function freeName(wanted: string, examples: readonly unknown[]): string {
  const taken = new Set(examples.map((each) => valueIn(each, ['name'])))
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted.slice(0, 190)} (${count})`
    if (!taken.has(name)) return name
  }
}
