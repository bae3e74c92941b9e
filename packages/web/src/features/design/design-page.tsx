/** Every shared component in every state: to be looked at in both themes when one is changed. */
import { Group, Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiError } from '../../app/api.ts'
import { Chart, type ChartColors, type ChartOption } from '../../ui/chart.tsx'
import { tip, tooltipStyle } from '../../ui/chart-tip.ts'
import { LevelChip } from '../../ui/level-chip.tsx'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Person } from '../../ui/person.tsx'
import { Empty, ErrorNote, RowsSkeleton } from '../../ui/states.tsx'

const REFUSED = new ApiError(409, {
  code: 'draft_conflict',
  message: 'somebody saved this draft before you',
  hint: 'Look at both texts and keep what is right.',
})
const LEVELS = { temperature: ['hot', 'warm', 'cold'], tint: [], kind: ['referral', 'sales', 'marketing'] } as const
const AWAY = new ApiError(0, { code: 'unreachable', message: '', hint: '' })

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
      <Part title="Panels">
        <div style={{ flex: 1 }}>
          <Panel title="What comes next" aside="2 open">
            A part of a screen with a heading of its own.
          </Panel>
        </div>
      </Part>
      <Part title="People">
        <Person name="Ada Lovelace" />
        <Person name="Grace Hopper" size={40} />
      </Part>
      <Part title="Charts">
        <div style={{ flex: 1 }}>
          <Chart
            label="MQLs a week, rising from 12 to 28"
            option={chartOption}
            table={{ head: ['Week', 'MQLs'], rows: WEEKS.map((count, week) => [`W${week + 1}`, String(count)]) }}
          />
        </div>
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

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section>
    <Title order={2} mb="sm">
      {title}
    </Title>
    <Group>{children}</Group>
  </section>
)
