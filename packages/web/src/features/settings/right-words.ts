import type { Right } from '@winnow/contract'
import { useTranslation } from 'react-i18next'

/** What a right allows, in words. Colons mean something else to the catalogue. */
export function useRightWords(): (right: Right) => string {
  const { t } = useTranslation('settings')
  return (right) => t(`rights.${right.replace(':', '_')}` as 'rights.leads_read')
}
