import { Alert } from '@mantine/core'
import { IconSignature } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Draft } from './queries.ts'

/** Above the editor: what is typed here is not what people have signed any more. */
export function ProposedNote({ proposed: { id, signatures } }: { readonly proposed: NonNullable<Draft['proposal']> }) {
  const { t } = useTranslation('definition')
  return (
    <Alert variant="light" mb="sm" icon={<IconSignature size={18} />}>
      {t('proposal.editing', { count: signatures })}{' '}
      <Link to="/definition/proposals/$proposal" params={{ proposal: id }} className="link">
        {t('proposal.open')}
      </Link>
    </Alert>
  )
}

export function WithdrawnNote({ signatures }: { readonly signatures: number }) {
  const { t } = useTranslation('definition')
  return (
    <Alert variant="light" color="yellow" mb="sm" role="alert">
      {t('proposal.withdrewByChange', { count: signatures })}
    </Alert>
  )
}
