import { SegmentedControl, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Copyable } from './copyable.tsx'

const SNIPPETS = {
  curl: (host: string, key: string) => `curl -u '${key}:' ${host}/v1/track \\
  -H 'content-type: application/json' \\
  -d '{"userId":"4711","event":"Demo Requested","properties":{"seats":40}}'`,
  node: (host: string, key: string) => `import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: '${key}', host: '${host}', path: '/v1/batch' })
analytics.track({ userId: '4711', event: 'Demo Requested', properties: { seats: 40 } })`,
} as const
type Way = keyof typeof SNIPPETS

/** How events are sent with a write key. */
export function SourceSnippet({ writeKey }: { readonly writeKey: string }) {
  const { t } = useTranslation()
  const [way, setWay] = useState<Way>('curl')
  return (
    <Stack gap="xs">
      <SegmentedControl
        size="xs"
        aria-label={t('snippet.label')}
        value={way}
        onChange={setWay}
        data={[
          { value: 'curl', label: t('snippet.curl') },
          { value: 'node', label: t('snippet.node') },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      <Copyable isBlock text={SNIPPETS[way](location.origin, writeKey)} />
    </Stack>
  )
}
