/** What a definition says to do with somebody: steps, and whose they are. */
import { List, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../app/definition.ts'

/** The playbooks of these names, in the order of the definition. */
export function usePlaybooks(names: readonly string[]) {
  const { outline } = useDefinition()
  return outline.playbooks.filter(({ name }) => names.includes(name))
}

export function Playbooks({ playbooks }: { readonly playbooks: ReturnType<typeof usePlaybooks> }) {
  const { t } = useTranslation()
  return (
    <Stack gap="sm">
      {playbooks.map(({ name, title, owner, steps }) => (
        <div key={name}>
          <Text size="sm" fw={560}>
            {title}
            {owner !== null && (
              <Text span size="xs" c="dimmed" ml={6}>
                {t(`playbook.${owner}`)}
              </Text>
            )}
          </Text>
          <List size="sm" spacing={2} type={steps.length > 1 ? 'ordered' : 'unordered'} withPadding>
            {steps.map((step) => (
              <List.Item key={step}>{step}</List.Item>
            ))}
          </List>
        </div>
      ))}
    </Stack>
  )
}
