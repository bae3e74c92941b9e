/** What is said of a proposal, and the changes that others request before they sign. */
import { Alert, Select } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../app/session.ts'
import { readValue } from '../../../app/yaml-text.ts'
import { Talk } from '../editor/talk.tsx'
import { nameOfPath } from '../name-of-path.ts'
import type { Proposal } from '../queries.ts'

export function Discussion({ proposal: { draft, text, changes, step } }: { readonly proposal: Proposal }) {
  const { t } = useTranslation('definition')
  const may = useMay()
  const document = useMemo(() => readOrNothing(text), [text])
  const [about, setAbout] = useState('')
  const nameOf = (path: string) => (path === '' ? t('talk.all') : nameOfPath(document, path))
  const isOpen = step === 'proposed' || step === 'signed' || step === 'scheduled'
  // A criterion has a name of its own in `nameOf`; two changes of one place are talked about together.
  const paths = [...new Set(['', ...changes.map(({ path }) => path)])]
  const mayWrite = may('definitions:write') && isOpen
  return (
    <>
      {mayWrite && (
        <Select
          label={t('proposal.about')}
          allowDeselect={false}
          maw={420}
          value={about}
          data={paths.map((value) => ({ value, label: nameOf(value) }))}
          onChange={(value) => setAbout(value ?? '')}
        />
      )}
      {!isOpen && <Alert variant="light">{t('proposal.talkOver')}</Alert>}
      <Talk
        draft={draft}
        about={about === '' ? undefined : about}
        done={() => setAbout('')}
        mayWrite={mayWrite}
        mayRequest={mayWrite}
        nameOf={nameOf}
      />
    </>
  )
}

function readOrNothing(text: string): unknown {
  try {
    return readValue(text)
  } catch {
    return {}
  }
}
