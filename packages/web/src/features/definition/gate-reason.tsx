import { Stack } from '@mantine/core'
import type { GateLine } from '@winnow/engine'
import type { ReactNode } from 'react'
import { GateVerdict } from '../../ui/gate-line.tsx'

/** What does not fit, above the reason for going live all the same. */
export const GateReason = ({
  lines,
  children,
}: {
  readonly lines: readonly GateLine[]
  readonly children: ReactNode
}) => (
  <Stack gap="xs" mt="md">
    {lines
      .filter(({ verdict }) => verdict === 'starved' || verdict === 'flooded')
      .map((line) => (
        <GateVerdict key={`${line.team} ${line.stage}`} line={line} />
      ))}
    {children}
  </Stack>
)
