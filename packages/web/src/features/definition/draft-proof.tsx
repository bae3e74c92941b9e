/** How a draft would have done, before it goes live: a backtest, and whether it fits what teams can take. */
import { lazy, Suspense } from 'react'
import { withTexts } from '../../app/text.ts'

const Buttons = lazy(
  withTexts('gate', async () => ({ default: (await import('./draft-proof-buttons.tsx')).DraftProofButtons })),
)

export const DraftProof = ({ draft }: { readonly draft: string }) => (
  <Suspense>
    <Buttons draft={draft} />
  </Suspense>
)
