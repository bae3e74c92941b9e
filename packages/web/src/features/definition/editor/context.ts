/** What every part of the form needs: the document as data, and how to change its text. */
import type { Definition } from '@winnow/engine'
import { createContext, useContext } from 'react'
import type { Reply } from '../../../app/api.ts'
import type { Path, Transfer } from '../../../app/yaml-text.ts'
import type { NamedPart } from '../edit/rename-part.ts'
import type { IssueAt, Patch } from './protocol.ts'

export type Inputs = Reply<'definitions', 'getInputs'>

export interface Editor {
  /** The document as it is written, of any shape: mistakes are shown where they are, not in the way. */
  readonly document: Readonly<Record<string, unknown>>
  /** Never wrong, sometimes a moment old: what words are made with. */
  readonly definition: Definition | undefined
  readonly text: string
  readonly inputs: Inputs | undefined
  readonly issues: readonly IssueAt[]
  readonly mayWrite: boolean
  /** Undefined takes it out. */
  readonly set: (path: Path, value: unknown) => void
  readonly move: (path: Path, from: number, to: number) => void
  /** Puts an item of one list into another, before what is there at `index`. */
  readonly transfer: (where: Transfer) => void
  /** Gives a part another name, wherever it is named. */
  readonly rename: (part: NamedPart, name: string) => void
  readonly writeSnippet: (path: Path, snippet: string) => string | undefined
  /** Shows what a value would do while it is being dragged, without writing it. */
  readonly preview: (patch: Patch | undefined) => void
  readonly showInText: (path: Path) => void
  /** Opens the talk about a part. */
  readonly discuss: (path: Path) => void
}

export const EditorContext = createContext<Editor | undefined>(undefined)

export function useEditor(): Editor {
  const editor = useContext(EditorContext)
  if (editor === undefined) throw new Error('outside of an editor')
  return editor
}
