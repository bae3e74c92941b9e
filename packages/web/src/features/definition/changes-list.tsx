import { Group, Stack, Text, Title } from '@mantine/core'
import { IconArrowsUpDown, IconMinus, IconPencil, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../ui/states.tsx'

export interface ChangeTold {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved'
  readonly area: string
  readonly path: string
  readonly sentence: string
}

const ICONS = { added: IconPlus, removed: IconMinus, changed: IconPencil, moved: IconArrowsUpDown }
const COLORS = { added: 'var(--w-good)', removed: 'var(--w-bad)', changed: 'var(--w-accent)', moved: 'var(--w-soft)' }

/** What differs, in plain words, by part of the definition. */
export function ChangesList({ changes }: { readonly changes: readonly ChangeTold[] }) {
  const { t } = useTranslation('definition')
  if (changes.length === 0) return <Empty title={t('changes.none')}>{t('changes.noneSaid')}</Empty>
  const areas = Map.groupBy(changes, ({ area }) => area)
  return (
    <Stack gap="lg">
      {[...areas].map(([area, each]) => (
        <section key={area}>
          <Title order={3} mb={6}>
            {t(`areas.${area}` as 'areas.scores')}
          </Title>
          <Stack gap={6}>
            {each.map((change) => (
              <Change key={`${change.kind} ${change.path} ${change.sentence}`} change={change} />
            ))}
          </Stack>
        </section>
      ))}
    </Stack>
  )
}

function Change({ change: { kind, sentence } }: { readonly change: ChangeTold }) {
  const { t } = useTranslation('definition')
  const Icon = ICONS[kind]
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Icon size={15} color={COLORS[kind]} style={{ flex: 'none', marginTop: 3 }} aria-label={t(`changes.${kind}`)} />
      <Text size="sm" lang="en" style={{ overflowWrap: 'anywhere' }}>
        {sentence}
      </Text>
    </Group>
  )
}
