/** The text itself. CodeMirror shows and takes it; what was done and can be undone is kept by the draft. */
import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { foldGutter, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, Transaction, type Text } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'
import { completionsAt, type Names } from './completions.ts'
import type { IssueAt } from './protocol.ts'

export interface YamlPaneProps {
  readonly text: string
  readonly label: string
  readonly isReadOnly: boolean
  readonly issues: readonly IssueAt[]
  readonly names: Names
  /** Shown when it changes: a line to go to, and a number that makes each wish a new one. */
  readonly goTo: { readonly line: number; readonly column: number; readonly wish: number } | undefined
  readonly onChange: (text: string) => void
  readonly undo: () => void
  readonly redo: () => void
}

export default function YamlPane(props: YamlPaneProps) {
  const holder = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  const { text, label, isReadOnly, issues, goTo } = props
  useEffect(() => {
    const editor = new EditorView({
      parent: holder.current!,
      state: EditorState.create({ doc: latest.current.text, extensions: extensionsFor(() => latest.current) }),
    })
    view.current = editor
    return () => editor.destroy()
  }, [])
  useEffect(() => {
    if (view.current) writeText(view.current, text)
  }, [text])
  useEffect(() => {
    view.current?.dispatch({
      effects: modes.reconfigure([
        EditorState.readOnly.of(isReadOnly),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      ]),
    })
  }, [isReadOnly, label])
  useEffect(() => {
    const editor = view.current
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor.state.doc, issues)))
  }, [issues])
  useEffect(() => {
    const editor = view.current
    if (editor === undefined || goTo === undefined) return
    const at = offsetAt(editor.state.doc, goTo)
    editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
  }, [goTo])
  return <div ref={holder} style={{ height: '100%', minHeight: 0 }} />
}

const modes = new Compartment()

function extensionsFor(props: () => YamlPaneProps) {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''
  return [
    EditorView.cspNonce.of(nonce),
    lineNumbers(),
    foldGutter(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of('  '),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    yaml(),
    syntaxHighlighting(COLORS),
    lintGutter(),
    EditorView.lineWrapping,
    autocompletion({
      override: [(context: CompletionContext): CompletionResult | null => completionsAt(context, props().names)],
    }),
    keymap.of([
      { key: 'Mod-z', run: () => (props().undo(), true) },
      { key: 'Mod-y', run: () => (props().redo(), true) },
      { key: 'Mod-Shift-z', run: () => (props().redo(), true) },
      ...defaultKeymap,
      ...searchKeymap,
      indentWithTab,
    ]),
    modes.of([]),
    EditorView.updateListener.of((update) => {
      const isTyped = update.transactions.some(
        (each) => each.docChanged && each.annotation(Transaction.remote) !== true,
      )
      if (isTyped) props().onChange(update.state.doc.toString())
    }),
    LOOKS,
  ]
}

/** Writes only what differs, so that the cursor and what is folded stay where they are. */
function writeText(editor: EditorView, text: string): void {
  const before = editor.state.doc.toString()
  if (before === text) return
  let from = 0
  while (from < before.length && from < text.length && before[from] === text[from]) from += 1
  let [to, end] = [before.length, text.length]
  while (to > from && end > from && before[to - 1] === text[end - 1]) [to, end] = [to - 1, end - 1]
  editor.dispatch({
    changes: { from, to, insert: text.slice(from, end) },
    annotations: Transaction.remote.of(true),
    effects: EditorView.scrollIntoView(from, { y: 'center' }),
  })
}

const offsetAt = (doc: Text, { line, column }: { readonly line: number; readonly column: number }): number => {
  const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines))
  return Math.min(from + column - 1, to)
}

function diagnosticsOf(doc: Text, issues: readonly IssueAt[]): Diagnostic[] {
  return issues
    .map((issue): Diagnostic => {
      const from = offsetAt(doc, issue)
      const { to } = doc.lineAt(from)
      const word = /^(?:"[^"]*"|'[^']*'|[^\s,:{}[\]#]+)/.exec(doc.sliceString(from, to))?.[0].length ?? 1
      return {
        from,
        to: Math.min(to, from + word),
        severity: issue.severity,
        message: issue.hint === undefined ? issue.message : `${issue.message}\n${issue.hint}`,
      }
    })
    .sort((a, b) => a.from - b.from)
}

const COLORS = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--w-soft)', fontStyle: 'italic' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--w-accent)' },
  { tag: [tags.string, tags.content], color: 'var(--w-text)' },
  { tag: [tags.number, tags.bool, tags.atom], color: 'var(--w-cold)' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--w-soft)' },
])

const LOOKS = EditorView.theme({
  '&': { height: '100%', fontSize: '12.5px', backgroundColor: 'var(--w-surface)', color: 'var(--w-text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.55' },
  '.cm-gutters': { backgroundColor: 'var(--w-surface)', color: 'var(--w-soft)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--w-hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--w-text)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--w-accent-soft)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--w-surface)',
    color: 'var(--w-text)',
    border: '1px solid var(--w-line)',
    borderRadius: '6px',
    maxWidth: '34rem',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--w-accent-soft)', color: 'var(--w-text)' },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap', padding: '6px 10px' },
  '.cm-panels': { backgroundColor: 'var(--w-sunken)', color: 'var(--w-text)' },
})
