import { Group, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../../ui/states.tsx'
import type { ExampleRun } from './protocol.ts'

/** The definition's own tests, run anew with every change. */
export function ExamplesList({
  examples,
  hasErrors,
}: {
  readonly examples: readonly ExampleRun[]
  readonly hasErrors: boolean
}) {
  const { t } = useTranslation('definition')
  if (hasErrors)
    return (
      <Text size="sm" c="dimmed">
        {t('examples.withErrors')}
      </Text>
    )
  if (examples.length === 0) return <Empty title={t('examples.none')}>{t('examples.noneSaid')}</Empty>
  const failed = examples.filter(({ ok }) => !ok).length
  return (
    <Stack gap="sm">
      <Text size="sm" fw={600}>
        {failed === 0 ? t('examples.allHold', { count: examples.length }) : t('examples.failed', { count: failed })}
      </Text>
      {examples.map(({ name, ok, mismatches, problems }) => (
        <Group key={name} gap="xs" wrap="nowrap" align="flex-start">
          {ok ? (
            <IconCircleCheck
              size={16}
              color="var(--w-good)"
              style={{ flex: 'none', marginTop: 2 }}
              aria-label={t('examples.holds')}
            />
          ) : (
            <IconCircleX
              size={16}
              color="var(--w-bad)"
              style={{ flex: 'none', marginTop: 2 }}
              aria-label={t('examples.fails')}
            />
          )}
          <div>
            <Text size="sm">{name}</Text>
            {mismatches.map(({ what, expected, actual }) => (
              <Text key={what} size="xs" c="var(--w-bad)">
                {t('examples.mismatch', { what, expected: shown(expected), actual: shown(actual) })}
              </Text>
            ))}
            {problems.map((problem) => (
              <Text key={problem} size="xs" c="var(--w-bad)">
                {problem}
              </Text>
            ))}
          </div>
        </Group>
      ))}
    </Stack>
  )
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(', ') || '–' : String(value))
