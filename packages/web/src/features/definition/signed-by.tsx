/** Who has agreed to a version, and when it was live. */
import { Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../app/format.ts'
import type { VersionListed } from './queries.ts'

export function SignedBy({
  signatures,
  signedAs,
  proposal,
}: Pick<VersionListed, 'signatures' | 'signedAs' | 'proposal'>) {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  if (signedAs === null) return <span>–</span>
  return (
    <>
      {signatures.map(({ side, name, at, isAlone }) => (
        <Text key={side} size="sm" component="div">
          {name}{' '}
          <Text span inherit c="dimmed">
            {isAlone ? '' : `${t(`proposal.sides.${side}`)}, `}
            {formats.date(at)}
          </Text>
        </Text>
      ))}
      {signedAs !== 'both' && (
        <Text size="sm" c="dimmed" component="div">
          {t(signedAs === 'first' ? 'proposal.first' : 'proposal.alone')}
        </Text>
      )}
      {proposal !== null && (
        <Link to="/definition/proposals/$proposal" params={{ proposal }} className="link no-print">
          {t('proposal.see')}
        </Link>
      )}
    </>
  )
}

export function LiveSpan({ from, until }: { readonly from: string; readonly until: string | null }) {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  return until === null ? (
    <>{t('proposal.liveSince', { from: formats.dateTime(from) })}</>
  ) : (
    <>{t('proposal.liveFromTo', { from: formats.dateTime(from), to: formats.dateTime(until) })}</>
  )
}
