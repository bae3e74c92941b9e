import { Alert, Button, Code, Group, Modal, Radio, ScrollArea, SimpleGrid, Stack, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { joinHunks, mergeTexts, type Choice, type Hunk } from '../edit/merge.ts'
import { Moment } from '../../../ui/moment.tsx'
import type { Conflict } from './use-draft.ts'

/** Somebody else saved the draft in the meantime: both texts, joined where they do not touch each other, and a choice where they do. */
export function ConflictDialog({
  conflict: { base, theirs },
  yours,
  settle,
  keepApart,
}: {
  readonly conflict: Conflict
  readonly yours: string
  readonly settle: (text: string) => void
  /** Puts what was typed here into a draft of its own, and takes theirs. */
  readonly keepApart: () => void
}) {
  const { t } = useTranslation('definition')
  const hunks = useMemo(() => mergeTexts(base, yours, theirs.text), [base, yours, theirs.text])
  const conflicts = hunks.filter((hunk) => hunk.kind === 'conflict')
  const [choices, setChoices] = useState<readonly Choice[]>(() => conflicts.map(() => 'both'))
  const byThem = linesBy(hunks, 'theirs')
  const byYou = linesBy(hunks, 'yours')
  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size="xl"
      title={t('conflict.title', { who: theirs.updatedBy ?? t('conflict.somebody') })}
    >
      <Stack gap="md">
        <Text size="sm">
          {t('conflict.said')} <Moment at={theirs.updatedAt} />
        </Text>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Side title={t('conflict.theirs')} lines={byThem} none={t('conflict.nothing')} />
          <Side title={t('conflict.yours')} lines={byYou} none={t('conflict.nothing')} />
        </SimpleGrid>
        {conflicts.length === 0 ? (
          <Alert color="spruce" variant="light">
            {t('conflict.apart')}
          </Alert>
        ) : (
          <Stack gap="sm">
            <Text size="sm" fw={600}>
              {t('conflict.same', { count: conflicts.length })}
            </Text>
            {conflicts.map((hunk, at) => (
              <Decide
                // oxlint-disable-next-line react/no-array-index-key -- the places of a conflict do not move
                key={at}
                hunk={hunk}
                choice={choices[at]!}
                choose={(choice) => setChoices(choices.with(at, choice))}
              />
            ))}
          </Stack>
        )}
        <Group justify="space-between">
          <Button variant="subtle" color="gray" onClick={keepApart}>
            {t('conflict.keepApart')}
          </Button>
          <Group gap="xs">
            <Button variant="default" onClick={() => settle(yours)}>
              {t('conflict.onlyYours')}
            </Button>
            <Button data-autofocus onClick={() => settle(joinHunks(hunks, choices))}>
              {t('conflict.join')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  )
}

function linesBy(hunks: readonly Hunk[], who: 'yours' | 'theirs'): readonly string[] {
  return hunks.flatMap((hunk) =>
    hunk.kind === 'settled' && hunk.by === who ? hunk.lines : hunk.kind === 'conflict' ? hunk[who] : [],
  )
}

const Side = ({
  title,
  lines,
  none,
}: {
  readonly title: string
  readonly lines: readonly string[]
  readonly none: string
}) => (
  <section>
    <Text size="sm" fw={600} mb={4}>
      {title}
    </Text>
    <ScrollArea.Autosize mah={180} type="auto">
      <Code block tabIndex={0}>
        {lines.length === 0 ? none : lines.join('\n')}
      </Code>
    </ScrollArea.Autosize>
  </section>
)

function Decide({
  hunk,
  choice,
  choose,
}: {
  readonly hunk: Extract<Hunk, { kind: 'conflict' }>
  readonly choice: Choice
  readonly choose: (choice: Choice) => void
}) {
  const { t } = useTranslation('definition')
  const shown = { theirs: hunk.theirs, yours: hunk.yours, both: [...hunk.theirs, ...hunk.yours] }[choice]
  return (
    <Stack gap={6}>
      <Radio.Group value={choice} onChange={(value) => choose(value)} aria-label={t('conflict.keep')}>
        <Group gap="lg">
          {(['theirs', 'yours', 'both'] as const).map((each) => (
            <Radio key={each} value={each} label={t(`conflict.${each}`)} size="xs" />
          ))}
        </Group>
      </Radio.Group>
      <Code block tabIndex={0}>
        {shown.join('\n')}
      </Code>
    </Stack>
  )
}
