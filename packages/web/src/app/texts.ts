import common from '../text/en/common.json'
import definition from '../text/en/definition.json'
import firstRun from '../text/en/first-run.json'
import imports from '../text/en/import.json'
import lead from '../text/en/lead.json'
import leads from '../text/en/leads.json'
import queue from '../text/en/queue.json'
import settings from '../text/en/settings.json'

export const english = {
  common,
  definition,
  'first-run': firstRun,
  import: imports,
  lead,
  leads,
  queue,
  settings,
}
export type Texts = typeof english
