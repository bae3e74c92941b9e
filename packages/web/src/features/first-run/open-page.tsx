import { Center, Paper, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import mark from '../../app/mark.svg'

/** A page for whoever is not signed in yet. */
export function OpenPage({
  title,
  said,
  children,
}: {
  readonly title: string
  readonly said?: string
  readonly children: ReactNode
}) {
  const { t } = useTranslation('first-run')
  useDocumentTitle(`${title} · Winnow`)
  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw={400} gap="lg">
        <Stack gap={6} align="center" ta="center">
          <img src={mark} alt="" width={44} height={44} />
          <Text fw={680} size="lg">
            Winnow
          </Text>
          <Text c="dimmed" size="sm">
            {t('signIn.tagline')}
          </Text>
        </Stack>
        <Paper withBorder p="lg" radius="md" bg="var(--w-surface)">
          <Title order={1} mb={said === undefined ? 'md' : 4}>
            {title}
          </Title>
          {said !== undefined && (
            <Text c="dimmed" size="sm" mb="md">
              {said}
            </Text>
          )}
          {children}
        </Paper>
      </Stack>
    </Center>
  )
}
