/** Every shared component in every state: to be looked at in both themes when one is changed. */
import { Button, Group, Stack, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type ReactNode, useState } from 'react'
import { ApiError } from '../../app/api.ts'
import { useNow } from '../../app/clock.ts'
import { offerReversal, sendUnlessUndone, showRefusal } from '../../app/undo.ts'
import { Chart, type ChartColors, type ChartOption } from '../../ui/chart.tsx'
import { tip, tooltipStyle } from '../../ui/chart-tip.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Known } from '../../ui/known.tsx'
import { LevelChip } from '../../ui/level-chip.tsx'
import { Levels } from '../../ui/levels.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SideBySide, type ComparedRow } from '../../ui/merge-dialog.tsx'
import { MergeHistory } from '../../ui/merge-history.tsx'
import { PeopleList } from '../../ui/people-list.tsx'
import { Person } from '../../ui/person.tsx'
import { ForgottenNote } from '../../ui/forgotten.tsx'
import { Playbooks } from '../../ui/playbooks.tsx'
import { SlaClock } from '../../ui/sla-clock.tsx'
import { SourceSnippet } from '../../ui/source-snippet.tsx'
import { Empty, ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { UndoNote } from '../../ui/undo-note.tsx'
import { type FieldProps, SavedField, type Value, ValueField } from '../../ui/value-field.tsx'

const REFUSED = new ApiError(409, {
  code: 'draft_conflict',
  message: 'somebody saved this draft before you',
  hint: 'Look at both texts and keep what is right.',
})
const LEVELS = { temperature: ['hot', 'warm', 'cold'], tint: [], kind: ['referral', 'sales', 'marketing'] } as const
const AWAY = new ApiError(0, { code: 'unreachable', message: '', hint: '' })

const MERGES = [
  {
    part: 'a',
    name: 'bm',
    at: '2026-03-01T10:00:00Z',
    because: 'The register says so',
    by: 'Mara',
    undoneAt: null,
    undoneBy: null,
  },
  {
    part: 'b',
    name: 'bm-eu',
    at: '2026-02-01T10:00:00Z',
    because: 'The group names this domain as its own',
    by: null,
    undoneAt: '2026-02-02T10:00:00Z',
    undoneBy: 'Sam',
  },
]
const COMPARED: readonly ComparedRow[] = [
  { name: 'People', values: ['3', '1'] },
  { name: 'Industry', values: ['paper', 'print'], counts: 1 },
]
const NOBODY = { lead: undefined, account: undefined }
const HOUR = 3_600_000
const CHOICES = ['owner', 'head', 'team_lead', 'worker']
const WORDS: FieldProps['attribute'] = { type: 'text', choices: [], unit: null }
const FIELDS: readonly (FieldProps['attribute'] & { readonly label: string })[] = [
  { label: 'Yes or no', type: 'boolean', choices: [], unit: null },
  { label: 'One of few', type: 'choice', choices: CHOICES.slice(0, 3), unit: null },
  { label: 'One of many', type: 'choice', choices: CHOICES, unit: null },
  { label: 'Some of many', type: 'choices', choices: CHOICES, unit: null },
  { label: 'A number', type: 'number', choices: [], unit: 'people' },
  { label: 'A day', type: 'date', choices: [], unit: null },
  { label: 'Words', ...WORDS },
]

const WEEKS = [12, 18, 15, 24, 31, 28]
const chartOption = (colors: ChartColors): ChartOption => ({
  grid: { left: 30, right: 8, top: 12, bottom: 24 },
  tooltip: { ...tooltipStyle(colors), trigger: 'axis', formatter: () => tip('A week', '<b>as text</b>') },
  xAxis: { type: 'category', data: WEEKS.map((_, week) => `W${week + 1}`), axisLabel: { color: colors.soft } },
  yAxis: { type: 'value', axisLabel: { color: colors.soft }, splitLine: { lineStyle: { color: colors.line } } },
  series: [{ type: 'line', data: WEEKS, color: colors.accent }],
})

export const DesignPage = () => (
  <Page title="Components">
    <Stack gap="xl">
      <Part title="Levels">
        {(['temperature', 'tint', 'kind'] as const).map((family) =>
          ['high', 'medium', 'low'].map((level, rank) => (
            <LevelChip
              key={`${family} ${level}`}
              category={family}
              level={LEVELS[family][rank] ?? level}
              rank={rank}
              count={3}
              family={family}
            />
          )),
        )}
      </Part>
      <Part title="Levels of a lead, as the live definition calls and orders them">
        <Levels levels={{ recommended: 'hot', quality: 'high', fit: 'medium', interest: 'low', unheard_of: 'odd' }} />
      </Part>
      <Part title="Panels">
        <div style={{ flex: 1, minWidth: 0 }}>
          <Panel title="What comes next" aside="2 open">
            A part of a screen with a heading of its own.
          </Panel>
        </div>
      </Part>
      <Part title="People">
        <Person name="Ada Lovelace" />
        <Person name="Grace Hopper" size={40} />
      </Part>
      <Part title="Lists of people: with all there is, without a name, with nothing but an address that is none">
        <div style={{ flex: 1, minWidth: 0 }}>
          <PeopleList people={LISTED} />
        </div>
      </Part>
      <Part title="What was merged: by somebody, by itself, and undone; and two side by side, of which the bold value counts">
        <div style={{ width: 320 }}>
          <MergeHistory merges={MERGES} unmerge={async () => {}} />
        </div>
        <div style={{ flex: 1, minWidth: 0 }}>
          <SideBySide names={['Brightmill', 'bm']} rows={COMPARED} />
        </div>
      </Part>
      <Clocks />
      <Part title="Playbooks">
        <Playbooks playbooks={PLAYBOOKS} />
      </Part>
      <Part title="What is known, and can be corrected">
        <div style={{ flex: 1, minWidth: 0 }}>
          <Known
            subject={NOBODY}
            about="lead"
            attributes={{ role: 'head', employees: 120, unheard_of: '<b>as text</b>' }}
            times={{ role: '2026-06-01T10:00:00Z' }}
          />
        </div>
      </Part>
      <Fields />
      <Part title="To take along">
        <Stack flex={1} miw={0}>
          <Copyable text="wk_4f0c…" />
          <SourceSnippet writeKey="wk_4f0c" />
        </Stack>
      </Part>
      <Undoing />
      <Part title="Charts">
        <div style={{ flex: 1, minWidth: 0 }}>
          <Chart
            label="MQLs a week, rising from 12 to 28"
            option={chartOption}
            table={{ head: ['Week', 'MQLs'], rows: WEEKS.map((count, week) => [`W${week + 1}`, String(count)]) }}
          />
        </div>
      </Part>
      <Part title="Of a time that is forgotten">
        <ForgottenNote forgotten={{ before: '2025-01-01T00:00:00.000Z', at: '2026-03-02T09:00:00.000Z' }} />
      </Part>
      <Part title="Refused">
        <ErrorNote error={REFUSED} retry={() => {}} />
      </Part>
      <Part title="No answer">
        <ErrorNote error={AWAY} />
      </Part>
      <Part title="Empty">
        <Empty title="No leads yet">They come in by a source, by a file, or by hand.</Empty>
      </Part>
      <Part title="Loading">
        <Stack flex={1}>
          <RowsSkeleton count={3} />
        </Stack>
      </Part>
    </Stack>
  </Page>
)

const PLAYBOOKS = [
  { name: 'call', title: 'Call today', owner: 'sales' as const, steps: ['Read what they looked at.', 'Call.'] },
  { name: 'wait', title: 'Wait', owner: null, steps: ['Write in a month.'] },
]
const LISTED = [
  { id: '1', name: 'Ada Lovelace', email: 'ada@example.com', stage: 'mql', levels: { recommended: 'hot' } },
  { id: '2', name: null, email: 'grace.hopper@a-company-with-a-long-name.example', stage: null, levels: null },
  { id: '0190aa1e-77', name: null, email: null, stage: 'unheard_of', levels: { recommended: 'unheard_of' } },
]

function Clocks() {
  const now = useNow()
  const inHours = (hours: number) => new Date(now + hours * HOUR).toISOString()
  return (
    <Part title="Times: far from due, due soon, breached; and moments">
      {[30, 2, -5].map((hours) => (
        <SlaClock key={hours} dueAt={inHours(hours)} />
      ))}
      {[-0.01, -3, 50].map((hours) => (
        <Moment key={hours} at={inHours(hours)} />
      ))}
    </Part>
  )
}

function Fields() {
  const [values, setValues] = useState<Readonly<Record<string, Value>>>({})
  const set = (label: string) => (value: Value) => setValues({ ...values, [label]: value })
  return (
    <Part title="Values, as their type is entered; the last is kept by Enter or its button">
      {FIELDS.map((field) => (
        <ValueField
          key={field.label}
          attribute={field}
          label={field.label}
          value={values[field.label] ?? null}
          onChange={set(field.label)}
        />
      ))}
      <SavedField
        attribute={WORDS}
        label="Kept words"
        value={values['Kept words'] ?? 'Change me'}
        onSave={set('Kept words')}
      />
    </Part>
  )
}

function Undoing() {
  const [state, setState] = useState('as it was')
  return (
    <Part title={`Two ways to undo: now it is ${state}`}>
      <div style={{ width: 360 }}>
        <UndoNote message="Ada Lovelace: accepted" ms={10_000} undo={() => {}} />
      </div>
      <Button
        variant="default"
        onClick={() => {
          setState('done')
          offerReversal('Done; undo does the opposite', () => setState('as it was'))
        }}
      >
        Do it at once
      </Button>
      <Button
        variant="default"
        onClick={() => {
          setState('held')
          sendUnlessUndone({
            message: 'Held; sent in ten seconds',
            send: async () => setState('sent'),
            restore: () => setState('as it was'),
          })
        }}
      >
        Hold it for ten seconds
      </Button>
      <Button
        variant="default"
        onClick={() => {
          setState('held')
          sendUnlessUndone({
            message: 'Held; will be refused',
            send: () => Promise.reject(REFUSED),
            restore: () => setState('as it was'),
          })
        }}
      >
        Hold what will be refused
      </Button>
      <Button variant="default" onClick={() => showRefusal(REFUSED)}>
        A refusal in passing
      </Button>
      <Button variant="default" onClick={() => notifications.show({ message: 'Nothing to undo' })}>
        A plain note
      </Button>
    </Part>
  )
}

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section>
    <Title order={2} mb="sm">
      {title}
    </Title>
    <Group>{children}</Group>
  </section>
)
