import { Stack, Text } from '@mantine/core'
import type { IssueAt } from './protocol.ts'

export const IssuesList = ({ issues }: { readonly issues: readonly IssueAt[] }) => (
  <Stack gap={6} mb="md">
    {issues.map((issue) => (
      <div key={`${issue.path} ${issue.code} ${issue.line} ${issue.column}`}>
        <Text size="sm" c={issue.severity === 'error' ? 'var(--w-bad)' : 'var(--w-warm)'}>
          {issue.line}: {issue.message}
        </Text>
        {issue.hint !== undefined && (
          <Text size="xs" c="dimmed">
            {issue.hint}
          </Text>
        )}
      </div>
    ))}
  </Stack>
)
