/** Leads to a dialog that makes a lead an example of a draft; it is fetched when somebody asks for it. */
import { lazy, Suspense } from 'react'
import { withTexts } from '../app/text.ts'
import type { Pinning } from './pin-dialog.tsx'

const Dialog = lazy(withTexts(['pin', 'definition'], () => import('./pin-dialog.tsx')))

export const PinDialog = ({ pinning, close }: { readonly pinning: Pinning | undefined; readonly close: () => void }) =>
  pinning === undefined ? null : (
    <Suspense>
      <Dialog pinning={pinning} close={close} />
    </Suspense>
  )
