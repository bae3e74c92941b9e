/** What a screen shows when it has nothing, has something to wait for, or was refused. */
import { Alert, Button, Center, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconCloudOff, IconSeedling } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../app/api.ts'

/** A refusal in the server's own words, with what to do about it. */
export function ErrorNote({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  const { t } = useTranslation()
  const isAway = error instanceof ApiError && error.status === 0
  return (
    <Alert
      role="alert"
      variant="light"
      color="red"
      my="sm"
      icon={isAway ? <IconCloudOff size={18} /> : <IconAlertTriangle size={18} />}
      title={isAway ? t('states.unreachable') : t('states.error')}
    >
      {!isAway && <Text size="sm">{error.message}</Text>}
      {error instanceof ApiError && !isAway && (
        <>
          <Text size="sm" mt={4}>
            {error.hint}
          </Text>
          {error.request !== undefined && error.status >= 500 && (
            <Text size="xs" c="dimmed" mt={4}>
              {t('states.reference', { request: error.request })}
            </Text>
          )}
        </>
      )}
      {retry && (
        <Button mt="sm" size="compact-sm" variant="default" onClick={retry}>
          {t('actions.retry')}
        </Button>
      )}
    </Alert>
  )
}

/** For a route that failed as a whole. */
export const ErrorState = ({ error, reset }: { readonly error: unknown; readonly reset: () => void }) => (
  <Center p="xl">
    <Stack maw={480} w="100%">
      <ErrorNote error={error instanceof Error ? error : new Error(String(error))} retry={reset} />
    </Stack>
  </Center>
)

/** An empty state teaches: what would be here, and how it comes here. */
export const Empty = ({
  title,
  children,
  action,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) => (
  <Center py={64} px="md">
    <Stack align="center" gap="xs" maw={420} ta="center">
      <IconSeedling size={34} stroke={1.4} color="var(--w-soft)" aria-hidden />
      <Title order={2}>{title}</Title>
      {children !== undefined && (
        <Text c="dimmed" component="div">
          {children}
        </Text>
      )}
      {action !== undefined && <Group mt="sm">{action}</Group>}
    </Stack>
  </Center>
)

export function NotFound() {
  const { t } = useTranslation()
  return <Empty title={t('states.notFound')}>{t('states.notFoundHint')}</Empty>
}

export const PageSkeleton = () => (
  <Stack p="lg" gap="md" aria-busy>
    <Skeleton h={26} w={180} />
    <RowsSkeleton />
  </Stack>
)

export const RowsSkeleton = ({ count = 8 }: { readonly count?: number }) => (
  <Stack gap="sm" aria-hidden>
    {Array.from({ length: count }, (_, row) => (
      <Skeleton key={row} h={36} />
    ))}
  </Stack>
)
