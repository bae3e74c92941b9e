/** A part of a report: what it shows in one sentence, the picture, the numbers, and how they were counted. */
import {
  ActionIcon,
  Collapse,
  Group,
  Popover,
  ScrollArea,
  SegmentedControl,
  Text,
  Title,
  Tooltip,
  UnstyledButton,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronRight, IconDownload, IconInfoCircle } from '@tabler/icons-react'
import type { BacktestTable } from '@winnow/contract'
import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../app/api.ts'
import classes from './backtests.module.css'
import { useReport } from './report.ts'
import { Numbers } from './numbers.tsx'
import type { FigureTable } from './table.ts'

export function Section({
  title,
  said,
  method,
  download,
  table,
  isTableOpen = false,
  aside,
  children,
}: {
  readonly title: string
  /** What is to be seen here, in one sentence. */
  readonly said?: ReactNode
  /** How it was counted. */
  readonly method: string
  readonly download?: BacktestTable
  readonly table?: FigureTable
  /** The table is what is to be seen: there is no chart, or it says less. */
  readonly isTableOpen?: boolean
  readonly aside?: ReactNode
  readonly children?: ReactNode
}) {
  const { t } = useTranslation('backtests')
  const { isPrinted } = useReport()
  const id = useId()
  return (
    <section className={classes.section} aria-labelledby={id}>
      <header className={classes.sectionHead}>
        <Title order={2} id={id}>
          {title}
        </Title>
        <Group gap={4} className="no-print" ml="auto" wrap="nowrap">
          {aside}
          {download !== undefined && <Download table={download} title={title} />}
          <Method title={title} said={method} />
        </Group>
      </header>
      {said !== undefined && (
        <Text className={classes.said} component="p">
          {said}
        </Text>
      )}
      {children}
      {table !== undefined &&
        (isTableOpen || isPrinted ? (
          <Numbers table={table} label={title} />
        ) : (
          <Folded label={t('section.numbers')}>
            <Numbers table={table} label={title} />
          </Folded>
        ))}
      {isPrinted && (
        <Text size="xs" c="dimmed" mt="xs">
          {method}
        </Text>
      )}
    </section>
  )
}

function Download({ table, title }: { readonly table: BacktestTable; readonly title: string }) {
  const { t } = useTranslation('backtests')
  const { backtest } = useReport()
  const label = t('section.download', { title })
  return (
    <Tooltip label={t('section.csv')}>
      <ActionIcon
        component="a"
        href={addressOf('backtests', 'downloadBacktestTable', { params: { backtest: backtest.id, table } })}
        download
        variant="subtle"
        color="gray"
        aria-label={label}
      >
        <IconDownload size={16} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  )
}

const Method = ({ title, said }: { readonly title: string; readonly said: string }) => {
  const { t } = useTranslation('backtests')
  return (
    <Popover width={340} position="bottom-end" withArrow shadow="sm">
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('section.method', { title })}>
          <IconInfoCircle size={16} stroke={1.7} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm">{said}</Text>
      </Popover.Dropdown>
    </Popover>
  )
}

export function Folded({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const [isOpen, { toggle }] = useDisclosure()
  const id = useId()
  return (
    <div className={classes.folded}>
      <UnstyledButton className={classes.fold} onClick={toggle} aria-expanded={isOpen} aria-controls={id}>
        <IconChevronRight size={14} aria-hidden data-open={isOpen || undefined} />
        {label}
      </UnstyledButton>
      <Collapse expanded={isOpen} id={id} transitionDuration={0}>
        {isOpen && children}
      </Collapse>
    </div>
  )
}

/** Something to choose between, above a chart. */
export function Choice<Value extends string>({
  label,
  value,
  all,
  choose,
}: {
  readonly label: string
  readonly value: Value
  readonly all: readonly { readonly value: Value; readonly label: string }[]
  readonly choose: (value: Value) => void
}) {
  if (all.length < 2) return null
  return (
    <ScrollArea type="never" mb="sm" className="no-print">
      <SegmentedControl
        key={all.map((each) => each.label).join(' ')} // its mark is measured once
        size="xs"
        aria-label={label}
        value={value}
        data={[...all]}
        onChange={choose}
      />
    </ScrollArea>
  )
}
