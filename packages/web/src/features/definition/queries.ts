/** What the screens of the definition read, and how they change it. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ask, type Reply } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'

export type Draft = Reply<'definitions', 'getDraft'>
export type DraftListed = Reply<'definitions', 'listDrafts'>['items'][number]
export type Version = Reply<'definitions', 'getVersion'>
export type VersionListed = Reply<'definitions', 'listVersions'>['items'][number]
export type Restatement = Reply<'definitions', 'getRestatement'>

export const versionsQuery = () => ask('definitions', 'listVersions', {})
export const draftsQuery = () => ask('definitions', 'listDrafts')
export const versionQuery = (version: number) => ask('definitions', 'getVersion', { params: { version } })

/** The live version, null where there is none, and its text. */
export function useLive() {
  const versions = useQuery(versionsQuery())
  const live = versions.data?.items.find(({ status }) => status === 'live')
  const text = useQuery({
    ...versionQuery(live?.version ?? 0),
    enabled: live !== undefined,
    placeholderData: keepPreviousData, // an open editor stays when another version goes live
  })
  return {
    live: versions.data === undefined ? undefined : (live ?? null),
    text: text.data?.text,
    /** Why it cannot be shown. */
    error: (versions.data ? null : versions.error) ?? (text.data ? null : text.error),
    retry: () => void (versions.data ? text : versions).refetch(),
  }
}

/** Whether a version goes live only with signatures; undefined until it is known. */
export function useNeedsSignatures(): boolean | undefined {
  const { live } = useLive()
  const { data } = useQuery(ask('proposals', 'getWorkingMode'))
  if (live === undefined || data === undefined) return undefined
  return live !== null && data.mode === 'team'
}

export type Proposal = Reply<'proposals', 'getProposal'>
export type ProposalListed = Reply<'proposals', 'listProposals'>['items'][number]
export type Side = Proposal['missing'][number]

const proposalQuery = (id: string) => ask('proposals', 'getProposal', { params: { proposal: id } })
const isTrying = (proposal: Proposal | undefined) =>
  proposal?.trial.state === 'waiting' || proposal?.trial.state === 'running'

/** Looked at every second while it is tried on all leads; otherwise the stream of changes tells. */
export const useProposal = (id: string) =>
  useQuery({
    ...proposalQuery(id),
    refetchInterval: ({ state }) => (isTrying(state.data) ? STEP_MS : false),
  })

/** After something has happened to a proposal. */
export async function afterProposing(proposal: Proposal): Promise<void> {
  queries.setQueryData(proposalQuery(proposal.id).queryKey, proposal)
  if (proposal.step === 'live') await afterPublishing()
  else await Promise.all(['proposals', 'definitions'].map((area) => queries.invalidateQueries({ queryKey: [area] })))
}

const STEP_MS = 1_000

/** How far the live version has come through all leads; looked at every second until it is through. */
export function useRestatement(): Restatement | undefined {
  const { data } = useQuery({
    ...ask('definitions', 'getRestatement'),
    refetchInterval: ({ state }) => (state.data?.isDone === false ? STEP_MS : false),
  })
  return data
}

/** After a version went live, nothing that was read of leads or definitions is sure any more. */
export async function afterPublishing(): Promise<void> {
  await queries.invalidateQueries()
}
