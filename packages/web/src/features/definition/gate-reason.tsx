import { Stack, Textarea } from '@mantine/core'
import type { GateLine } from '@winnow/engine'
import { useTranslation } from 'react-i18next'
import { GateVerdict } from '../../ui/gate-line.tsx'

/** What does not fit, and the reason for going live all the same. */
export function GateReason({
  lines,
  reason,
  write,
}: {
  readonly lines: readonly GateLine[]
  readonly reason: string
  readonly write: (reason: string) => void
}) {
  const { t } = useTranslation('definition')
  return (
    <Stack gap="xs" mt="md">
      {lines
        .filter(({ verdict }) => verdict === 'starved' || verdict === 'flooded')
        .map((line) => (
          <GateVerdict key={`${line.team} ${line.stage}`} line={line} />
        ))}
      <Textarea
        label={t('publish.gateReason')}
        description={t('publish.gateReasonHint')}
        required
        maxLength={2000}
        autosize
        minRows={2}
        value={reason}
        onChange={({ currentTarget: { value } }) => write(value)}
      />
    </Stack>
  )
}
