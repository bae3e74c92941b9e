/** The editor of a draft: a form and the text beside each other, each following the other, and what the change would do. */
import { ActionIcon, Alert, Badge, Button, Group, Indicator, Tabs, Text, TextInput, Tooltip } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCircleCheck,
  IconCloudCheck,
  IconCloudOff,
  IconCloudUp,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatPath } from '@winnow/engine'
import { ask, send } from '../../../app/api.ts'
import { useMay } from '../../../app/session.ts'
import { useKeys } from '../../../app/shortcuts.ts'
import { Page } from '../../../ui/page.tsx'
import { ErrorNote, RowsSkeleton } from '../../../ui/states.tsx'
import { ChangesList } from '../changes-list.tsx'
import { DraftProof } from '../draft-proof.tsx'
import { moveIn, readValue, setIn, setSnippet, transferIn, type Path } from '../../../app/yaml-text.ts'
import { renamePart } from '../edit/rename-part.ts'
import { nameOfPath } from '../name-of-path.ts'
import { FormColumn } from '../form/form-column.tsx'
import { ProposeDialog } from '../propose-dialog.tsx'
import { ProposedNote, WithdrawnNote } from '../proposed-note.tsx'
import { PublishDialog } from '../publish-dialog.tsx'
import { draftsQuery, useNeedsSignatures, type Draft } from '../queries.ts'
import { queries } from '../../../app/queries.ts'
import type { Names } from './completions.ts'
import { ConflictDialog } from './conflict.tsx'
import { EditorContext, type Editor as EditorValue, type Inputs } from './context.ts'
import { EffectPanel, TrialPanel } from './effect.tsx'
import classes from './editor.module.css'
import { levelNames } from './effect-of.ts'
import { EngineContext, unanswered, useChecked, useEffectOnSample, useEngine } from './engine.ts'
import { ExamplesList } from './examples-list.tsx'
import type { Engine } from './lasting-worker.ts'
import type { Checked, IssueAt, Patch } from './protocol.ts'
import { TryLead } from './try-lead.tsx'
import { Talk, useOpenThreads } from './talk.tsx'
import { useDraft, type Editing } from './use-draft.ts'

const YamlPane = lazy(() => import('./yaml-pane.tsx'))
const SAMPLE = 500

export interface LiveText {
  readonly version: number
  readonly name: string
  readonly text: string
  /** The first version of this text; every one since then says the same. */
  readonly renews: number | null
}

const BESIDE = ['form', 'yaml', 'effect', 'try', 'changes', 'examples', 'talk'] as const
type Beside = (typeof BESIDE)[number]

/** Where there is no room for two columns, the form is a tab among the others, and the first. */
function besideOf(wish: unknown, isNarrow: boolean): Beside {
  const chosen = BESIDE.find((each) => each === wish && (isNarrow || each !== 'form'))
  return chosen ?? (isNarrow ? 'form' : 'yaml')
}

export default function Editor({ draft, live }: { readonly draft: Draft; readonly live: LiveText | null }) {
  const { t } = useTranslation('definition')
  const may = useMay()
  const mayWrite = may('definitions:write')
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/definition/drafts/$draft' })
  const isNarrow = useMediaQuery('(max-width: 62em)') ?? false
  const beside = besideOf(search.beside, isNarrow)
  const { engine, isGone, startAgain } = useEngine()
  const editing = useDraft(draft, mayWrite)
  const { text } = editing
  const checkedText = useChecked(engine, text, live?.text)
  const checked = checkedText?.checked
  const view = useView(text, checkedText)
  const isSampled = useSample(engine, live?.text)
  const [patch, setPatch] = useState<Patch>()
  const effect = useEffectOnSample(engine, { text, patch, isReady: isSampled })
  const inputs = useQuery({ ...ask('definitions', 'getInputs'), staleTime: 60_000, enabled: may('leads:read') })
  const names = useNames(view.definition, inputs.data)
  const [goTo, setGoTo] = useState<{ line: number; column: number; wish: number }>()
  const [isPublishing, publishing] = useDisclosure()
  const [isProposing, proposing] = useDisclosure()
  const [about, setAbout] = useState<string>()
  const openThreads = useOpenThreads()
  const needsSignatures = useNeedsSignatures()
  const { proposal: proposed } = draft
  const show = useCallback(
    (where: { tab?: Beside; part?: string }) =>
      void navigate({
        to: '/definition/drafts/$draft',
        params: { draft: draft.id },
        search: (before) => ({
          ...before,
          ...(where.tab !== undefined && { beside: where.tab }),
          ...(where.part !== undefined && { part: where.part }),
        }),
        replace: true,
      }),
    [navigate, draft.id],
  )
  const goToLine = useCallback(
    ({ line, column }: { readonly line: number; readonly column: number }) => {
      show({ tab: 'yaml' })
      setGoTo((before) => ({ line, column, wish: (before?.wish ?? 0) + 1 }))
    },
    [show],
  )
  const discuss = useCallback(
    (path: Path) => {
      setAbout(formatPath(path))
      show({ tab: 'talk' })
    },
    [show],
  )
  const value = useEditorValue({ editing, view, inputs: inputs.data, checked, mayWrite, setPatch, goToLine, discuss })
  const { saveNow, undo, redo } = editing
  useKeys(
    useMemo(
      () => [
        { key: 'mod+S', does: t('editor.saveNow'), run: () => void saveNow() },
        { key: 'mod+Z', does: t('editor.undo'), run: undo },
        { key: 'mod+shift+Z', does: t('editor.redo'), run: redo },
      ],
      [t, saveNow, undo, redo],
    ),
  )
  const issues = checked?.issues ?? []
  const errors = issues.filter(({ severity }) => severity === 'error')
  const isUsable = checked?.definition !== undefined && checkedText?.text === text

  const form = (
    <div className={classes.form} inert={checked !== undefined && checked.value === undefined && view.isOld}>
      {checked !== undefined && view.isOld && checked.value === undefined && (
        <Alert color="red" variant="light" mb="sm">
          {t('editor.unreadable')}
        </Alert>
      )}
      <FormColumn
        part={search.part}
        show={(part) => show({ part })}
        name={
          <TextInput
            label={t('editor.draftName')}
            value={editing.name}
            maxLength={200}
            disabled={!mayWrite}
            onChange={({ currentTarget }) => editing.rename(currentTarget.value)}
          />
        }
      />
    </div>
  )
  return (
    <EngineContext value={engine}>
      <EditorContext value={value}>
        <Page
          title={editing.name}
          isWide
          beside={
            <Group gap="sm">
              <SaveState editing={editing} />
              {!isGone && <IssueCount issues={checked?.issues} go={goToLine} />}
            </Group>
          }
          actions={
            <>
              <Tooltip label={t('editor.undo')}>
                <ActionIcon
                  variant="default"
                  size={34}
                  aria-label={t('editor.undo')}
                  disabled={!editing.canUndo || !mayWrite}
                  onClick={editing.undo}
                >
                  <IconArrowBackUp size={17} />
                </ActionIcon>
              </Tooltip>
              <Tooltip label={t('editor.redo')}>
                <ActionIcon
                  variant="default"
                  size={34}
                  aria-label={t('editor.redo')}
                  disabled={!editing.canRedo || !mayWrite}
                  onClick={editing.redo}
                >
                  <IconArrowForwardUp size={17} />
                </ActionIcon>
              </Tooltip>
              <DraftProof draft={draft.id} />
              {mayWrite && live !== null && (
                <Button
                  variant={needsSignatures === false ? 'default' : 'filled'}
                  disabled={!isUsable || proposed !== null}
                  onClick={() => void editing.saveNow().then((saved) => saved && proposing.open())}
                >
                  {t('proposal.propose')}
                </Button>
              )}
              {may('definitions:publish') && needsSignatures === false && (
                <Button
                  disabled={!isUsable}
                  onClick={() => void editing.saveNow().then((saved) => saved && publishing.open())}
                >
                  {t('editor.publish')}
                </Button>
              )}
            </>
          }
        >
          {editing.state === 'refused' && editing.error && (
            <ErrorNote error={editing.error} retry={() => void editing.saveNow()} />
          )}
          {isGone && (
            <Alert role="alert" variant="light" color="red" mb="sm" title={t('editor.engineGone')}>
              <Text size="sm">{t('editor.engineGoneSaid')}</Text>
              <Button size="xs" variant="default" mt="xs" onClick={startAgain}>
                {t('editor.engineAgain')}
              </Button>
            </Alert>
          )}
          {live !== null && draft.basedOn !== null && draft.basedOn < (live.renews ?? live.version) && (
            <Alert variant="light" color="yellow" mb="sm">
              {t('editor.outdated', { based: draft.basedOn, live: live.version })}
            </Alert>
          )}
          {proposed !== null && <ProposedNote proposed={proposed} />}
          {editing.withdrew !== undefined && <WithdrawnNote signatures={editing.withdrew} />}
          <div className={classes.columns}>
            {!isNarrow && form}
            <Tabs
              className={classes.beside}
              value={beside}
              onChange={(tab) => tab !== null && show({ tab: tab as Beside })}
              keepMounted={false}
            >
              <Tabs.List>
                {isNarrow && <Tabs.Tab value="form">{t('editor.form')}</Tabs.Tab>}
                <Tabs.Tab value="yaml">{t('beside.yaml')}</Tabs.Tab>
                <Tabs.Tab value="effect">{t('beside.effect')}</Tabs.Tab>
                <Tabs.Tab value="try">{t('beside.try')}</Tabs.Tab>
                <Tabs.Tab value="changes">
                  {t('beside.changes')} <Count of={checked?.changes?.length} />
                </Tabs.Tab>
                <Tabs.Tab value="examples">
                  <Indicator disabled={!checked?.examples.some(({ ok }) => !ok)} color="red" size={7} offset={-4}>
                    {t('beside.examples')}
                  </Indicator>
                </Tabs.Tab>
                <Tabs.Tab value="talk">
                  {t('beside.talk')} <Count of={openThreads} />
                </Tabs.Tab>
              </Tabs.List>
              <div className={classes.summary}>
                <EffectLine effect={effect} isLive={live !== null} open={() => show({ tab: 'effect' })} />
              </div>
              {isNarrow && (
                <Tabs.Panel value="form" className={classes.panel}>
                  {form}
                </Tabs.Panel>
              )}
              <Tabs.Panel value="yaml" className={classes.text}>
                <Suspense fallback={<RowsSkeleton />}>
                  <YamlPane
                    text={text}
                    label={t('beside.yaml')}
                    isReadOnly={!mayWrite}
                    issues={issues}
                    names={names}
                    goTo={goTo}
                    onChange={(next) => editing.change(next, { isTyped: true })}
                    undo={editing.undo}
                    redo={editing.redo}
                  />
                </Suspense>
              </Tabs.Panel>
              <Tabs.Panel value="effect" className={classes.panel} tabIndex={0}>
                <EffectPanel effect={effect} isLive={live !== null} />
                {mayWrite && live !== null && (
                  <div className={classes.trial}>
                    <TrialPanel text={text} isUsable={isUsable} />
                  </div>
                )}
              </Tabs.Panel>
              <Tabs.Panel value="try" className={classes.panel} tabIndex={0}>
                <TryLead text={text} live={live?.text} definition={view.definition} />
              </Tabs.Panel>
              <Tabs.Panel value="changes" className={classes.panel} tabIndex={0}>
                {checked?.changes ? (
                  <ChangesList changes={checked.changes} />
                ) : (
                  <Text size="sm" c="dimmed">
                    {t(errors.length > 0 ? 'changes.withErrors' : 'publish.first')}
                  </Text>
                )}
              </Tabs.Panel>
              <Tabs.Panel value="examples" className={classes.panel} tabIndex={0}>
                <ExamplesList examples={checked?.examples ?? []} hasErrors={errors.length > 0} />
              </Tabs.Panel>
              <Tabs.Panel value="talk" className={classes.panel} tabIndex={0}>
                <Talk
                  about={about}
                  done={() => setAbout(undefined)}
                  mayWrite={mayWrite}
                  nameOf={(path) => (path === '' ? t('talk.all') : nameOfPath(value.document, path))}
                />
              </Tabs.Panel>
            </Tabs>
          </div>
          {editing.conflict && (
            <ConflictDialog
              conflict={editing.conflict}
              yours={text}
              settle={editing.settle}
              keepApart={() =>
                void keepApart(editing, t('conflict.copyName', { name: editing.name }), t('conflict.kept'))
              }
            />
          )}
          {isProposing && <ProposeDialog draft={editing.saved} close={proposing.close} />}
          {isPublishing && (
            <PublishDialog
              title={t('publish.title', { name: view.definition?.name ?? editing.name })}
              said={t('publish.said')}
              isOpen
              close={publishing.close}
              compare={{ from: 'live', to: `draft:${draft.id}` }}
              draft={draft.id}
              publish={async (note, gateReason) =>
                send('definitions', 'publishDraft', {
                  params: { draft: draft.id },
                  body: { revision: editing.saved.revision, replaces: live?.version ?? null, note, gateReason },
                })
              }
            />
          )}
        </Page>
      </EditorContext>
    </EngineContext>
  )
}

const Count = ({ of }: { readonly of: number | undefined }) =>
  of === undefined || of === 0 ? null : (
    <Badge size="xs" variant="light" ml={4}>
      {of}
    </Badge>
  )

async function keepApart(editing: Editing, name: string, said: string): Promise<void> {
  await send('definitions', 'createDraft', { body: { name: name.slice(0, 200), text: editing.text } })
  await queries.invalidateQueries({ queryKey: draftsQuery().queryKey })
  if (editing.conflict) editing.settle(editing.conflict.theirs.text)
  notifications.show({ message: said })
}

// --- What the form is a view of --------------------------------------------------------------------------------------

interface View {
  readonly document: Readonly<Record<string, unknown>>
  readonly definition: Checked['definition']
  /** The text says something else by now, or cannot be read. */
  readonly isOld: boolean
}

const asDocument = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

/** The last state of the text that could be read. */
function useView(text: string, checkedText: ReturnType<typeof useChecked>): View {
  const [read, setRead] = useState(() => ({ text, document: readOrNothing(text) ?? {} }))
  const [definition, setDefinition] = useState<Checked['definition']>()
  const [seen, setSeen] = useState<typeof checkedText>()
  if (checkedText !== undefined && checkedText !== seen) {
    const { checked } = checkedText
    setSeen(checkedText)
    if (checked.definition) setDefinition(checked.definition)
    if (checked.value !== undefined) setRead({ text: checkedText.text, document: asDocument(checked.value) })
  }
  return { document: read.document, definition, isOld: read.text !== text }
}

function readOrNothing(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asDocument(readValue(text))
  } catch {
    return undefined
  }
}

interface Parts {
  readonly editing: Editing
  readonly view: View
  readonly inputs: Inputs | undefined
  readonly checked: Checked | undefined
  readonly mayWrite: boolean
  readonly setPatch: (patch: Patch | undefined) => void
  readonly goToLine: (at: { readonly line: number; readonly column: number }) => void
  readonly discuss: (path: Path) => void
}

function useEditorValue({ editing, view, inputs, checked, mayWrite, setPatch, goToLine, discuss }: Parts): EditorValue {
  const { text, change } = editing
  const issues = checked?.issues
  // What the form wrote is shown at once, not after the worker has read it.
  const [written, setWritten] = useState<{ text: string; document: EditorValue['document'] }>()
  const document = written?.text === text ? written.document : view.document
  return useMemo(() => {
    const write = (edit: () => string): string | undefined => {
      setPatch(undefined)
      try {
        const next = edit()
        setWritten({ text: next, document: readOrNothing(next) ?? {} })
        change(next)
        return undefined
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        notifications.show({ color: 'red', message })
        return message
      }
    }
    return {
      document,
      definition: view.definition,
      text,
      inputs,
      issues: issues ?? [],
      mayWrite,
      set: (path: Path, value: unknown) => void write(() => setIn(text, path, value)),
      move: (path: Path, from: number, to: number) => void write(() => moveIn(text, path, from, to)),
      transfer: (where) => void write(() => transferIn(text, where)),
      rename: (part, name) => void write(() => renamePart(text, readValue(text), part, name)),
      writeSnippet: (path: Path, snippet: string) => write(() => setSnippet(text, path, snippet)),
      preview: setPatch,
      discuss,
      showInText: (path: Path) => {
        const key = String(path[0])
        const line = text.split('\n').findIndex((each) => each.startsWith(`${key}:`))
        if (line >= 0) goToLine({ line: line + 1, column: 1 })
      },
    }
  }, [document, view.definition, text, inputs, issues, mayWrite, change, setPatch, goToLine, discuss])
}

/** Fetched once, and replayed under the live version. @returns whether the engine has it */
function useSample(engine: Engine | undefined, live: string | undefined): boolean {
  const may = useMay()
  const [isReady, setIsReady] = useState(false)
  const { data } = useQuery({
    ...ask('definitions', 'getSample', { query: { size: SAMPLE } }),
    staleTime: Infinity,
    enabled: may('leads:read'),
  })
  useEffect(() => {
    if (engine === undefined || data === undefined) return
    const { asOf, total, leads, facts } = data
    let isOutdated = false
    void engine
      .ask<'sample'>({ ask: 'sample', live, sample: { asOf, total, leads, facts: facts as never } })
      .then(() => !isOutdated && setIsReady(true), unanswered)
    return () => {
      isOutdated = true
      setIsReady(false)
    }
  }, [engine, data, live])
  return isReady
}

function useNames(definition: Checked['definition'], inputs: Inputs | undefined): Names {
  return useMemo(() => {
    const { attributes = {}, activities, personas, scores, categories = {}, stages = [] } = definition ?? {}
    const values = new Map<string, readonly string[]>(
      (inputs?.attributes ?? []).map(({ name, values }) => [name, values.map(({ value }) => String(value))]),
    )
    for (const [name, { of }] of Object.entries(attributes)) if (of) values.set(name, of)
    return {
      attributes: Object.keys(attributes),
      activities: Object.keys(activities ?? {}),
      events: (inputs?.activities ?? []).map(({ type }) => type),
      personas: Object.keys(personas ?? {}),
      scores: Object.keys(scores ?? {}),
      categories: Object.keys(categories),
      stages: stages.map(({ id }) => id),
      levels: definition ? Object.keys(categories).flatMap((name) => levelNames(definition, name)) : [],
      values,
    }
  }, [definition, inputs])
}

// --- Small parts -----------------------------------------------------------------------------------------------------

const STATES = {
  saved: { icon: IconCloudCheck, color: 'var(--w-soft)' },
  waiting: { icon: IconCloudUp, color: 'var(--w-soft)' },
  saving: { icon: IconCloudUp, color: 'var(--w-soft)' },
  refused: { icon: IconCloudOff, color: 'var(--w-bad)' },
  conflict: { icon: IconAlertTriangle, color: 'var(--w-warm)' },
} as const

function SaveState({ editing: { state } }: { readonly editing: Editing }) {
  const { t } = useTranslation('definition')
  const { icon: Icon, color } = STATES[state]
  return (
    <Group gap={5} wrap="nowrap" aria-live="polite">
      <Icon size={15} color={color} aria-hidden />
      <Text size="xs" c={color}>
        {t(`save.${state}`)}
      </Text>
    </Group>
  )
}

interface IssueCountProps {
  /** Undefined before the engine has looked. */
  readonly issues: readonly IssueAt[] | undefined
  readonly go: (at: IssueAt) => void
}

function IssueCount({ issues, go }: IssueCountProps) {
  const { t } = useTranslation('definition')
  if (issues === undefined)
    return (
      <Text size="xs" c="var(--w-soft)">
        {t('issues.checking')}
      </Text>
    )
  const errors = issues.filter(({ severity }) => severity === 'error')
  const first = errors[0] ?? issues[0]
  if (first === undefined)
    return (
      <Group gap={5} wrap="nowrap">
        <IconCircleCheck size={15} color="var(--w-good)" aria-hidden />
        <Text size="xs">{t('issues.none')}</Text>
      </Group>
    )
  return (
    <Button
      size="compact-xs"
      variant="light"
      color={errors.length > 0 ? 'red' : 'yellow'}
      leftSection={<IconAlertTriangle size={13} />}
      onClick={() => go(first)}
    >
      {errors.length > 0
        ? t('issues.errors', { count: errors.length })
        : t('issues.warnings', { count: issues.length })}
    </Button>
  )
}

/** In one line, whatever is open beside the form. */
function EffectLine({
  effect,
  isLive,
  open,
}: {
  readonly effect: ReturnType<typeof useEffectOnSample>
  readonly isLive: boolean
  readonly open: () => void
}) {
  const { t } = useTranslation('definition')
  if (effect === undefined || effect.leads === 0 || !isLive) return null
  return (
    <Button size="compact-xs" variant="subtle" color={effect.moved > 0 ? 'spruce' : 'gray'} onClick={open}>
      {t('effect.moved', { count: effect.moved, moved: effect.moved, leads: effect.leads })}
    </Button>
  )
}
