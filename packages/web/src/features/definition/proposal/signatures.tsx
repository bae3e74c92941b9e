/** Who has signed, what exactly, and who has not yet. */
import { Stack, Text } from '@mantine/core'
import { IconSignature } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Moment } from '../../../ui/moment.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { Person } from '../../../ui/person.tsx'
import type { Proposal } from '../queries.ts'
import classes from './proposal.module.css'

type Signature = Proposal['signatures'][number]

export function Signatures({ proposal: { signatures, missing, mode, hash } }: { readonly proposal: Proposal }) {
  const { t } = useTranslation('definition')
  const standing = signatures.filter(({ takenBackAt }) => takenBackAt === null)
  const takenBack = signatures.filter(({ takenBackAt }) => takenBackAt !== null)
  const isAlone = mode === 'one_person' && missing.length > 0
  return (
    <Panel title={t('proposal.signatures')}>
      {standing.map((signature) => (
        <Signed key={signature.side} signature={signature} />
      ))}
      {isAlone ? (
        <Missing said={t('proposal.missingOne')} />
      ) : (
        missing.map((side) => <Missing key={side} said={t(`proposal.missing.${side}`)} />)
      )}
      {takenBack.map((signature) => (
        <TakenBack key={`${signature.side} ${signature.at}`} signature={signature} />
      ))}
      <Text size="xs" c="dimmed" mt="sm">
        {t('proposal.hash')}
      </Text>
      <div className={classes.digest}>{hash}</div>
    </Panel>
  )
}

function Signed({ signature: { side, by, at, note, digest, isAlone } }: { readonly signature: Signature }) {
  const { t } = useTranslation('definition')
  return (
    <section className={classes.signature} aria-label={t('proposal.signedBy', { name: by.name })}>
      <Person name={by.name} />
      <Stack gap={2} miw={0}>
        <Text size="sm">
          <b>{by.name}</b> · {isAlone ? t('proposal.alone') : t(`proposal.for.${side}`)}
        </Text>
        <Text size="xs" c="dimmed">
          <Moment at={at} />
        </Text>
        {note !== null && (
          <Text size="sm" className={classes.said}>
            {note}
          </Text>
        )}
        <span className={classes.digest} title={digest}>
          {t('proposal.digest', { digest: digest.slice(0, 16) })}
        </span>
      </Stack>
    </section>
  )
}

const Missing = ({ said }: { readonly said: string }) => (
  <div className={classes.signature}>
    <span className={classes.blank} aria-hidden>
      <IconSignature size={15} />
    </span>
    <Text size="sm" c="dimmed" mt={3}>
      {said}
    </Text>
  </div>
)

function TakenBack({ signature: { by, takenBackAt, takenBackBecause } }: { readonly signature: Signature }) {
  const { t } = useTranslation('definition')
  return (
    <div className={classes.signature}>
      <Text size="xs" c="dimmed">
        {t(`proposal.takenBack.${takenBackBecause ?? 'person'}`, { name: by.name })} · <Moment at={takenBackAt!} />
      </Text>
    </div>
  )
}
