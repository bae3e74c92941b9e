/** Saying what is known of a lead or its account: at once on screen, kept in the background, taken back by one click. */
import { notifications } from '@mantine/notifications'
import { useMutation, useMutationState } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { send } from '../app/api.ts'
import { useDefinition } from '../app/definition.ts'
import { offerReversal } from '../app/undo.ts'
import { refreshLead } from '../app/refresh.ts'
import type { Value } from './value-field.tsx'

interface Answer {
  readonly attribute: string
  readonly value: Value
  readonly before: Value
}

export interface Subject {
  /** Undefined where only the account is looked at. */
  readonly lead: string | undefined
  /** Attributes about accounts are said of it. */
  readonly account: string | undefined
}

const KEY = ['answer']

export function useAnswers({ lead, account }: Subject) {
  const { t } = useTranslation()
  const words = useDefinition()
  const keep = async (attribute: string, value: Value) => {
    const body = { attributes: { [attribute]: value } }
    if (words.attribute(attribute)?.about !== 'account') {
      if (lead !== undefined) await send('leads', 'changeLead', { params: { lead }, body })
    } else if (account !== undefined) await send('accounts', 'changeAccount', { params: { account }, body })
    await refreshLead()
  }
  const { mutate } = useMutation({
    mutationKey: [...KEY, lead ?? account],
    mutationFn: ({ attribute, value }: Answer) => keep(attribute, value),
    onSuccess: (_, { attribute, before }) =>
      offerReversal(t('known.kept', { attribute: words.attributeLabel(attribute) }), () => keep(attribute, before)),
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
  })
  const pending = useMutationState({
    filters: { mutationKey: [...KEY, lead ?? account], status: 'pending' },
    select: ({ state }) => state.variables as Answer,
  })
  return {
    save: mutate,
    /** What was answered and is on its way. */
    pending: new Map(pending.map(({ attribute, value }) => [attribute, value])),
  }
}
