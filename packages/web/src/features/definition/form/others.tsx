/** Stages, personas, capacity, playbooks, and what is said of the whole. */
import { Button, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor/context.ts'
import { valueIn, type Path } from '../../../app/yaml-text.ts'
import { AddNamed, Box, labelled, OpeningRow, PartMenu } from './box.tsx'
import { ConditionField, wordsOf } from './condition.tsx'
import { ChoiceField, ChoicesField, DurationField, NumberField, TextField } from './fields.tsx'
import { choicesIn, entriesOf, labelOf, listOf, stageChoices, textOf } from './names.ts'
import { Sortable } from './sortable.tsx'
import { WordsField } from './values.tsx'

const OWNERS = ['marketing', 'sales'] as const
const DECISIONS = ['accept', 'qualify', 'win', 'reject', 'recycle', 'disqualify', 'lose'] as const

function OwnerField({ path }: { readonly path: Path }) {
  const { t } = useTranslation('definition')
  return (
    <ChoiceField
      path={[...path, 'owner']}
      label={t('stages.owner')}
      none="–"
      choices={OWNERS.map((value) => ({ value, label: t(`stages.owners.${value}`) }))}
      w={130}
    />
  )
}

// --- Stages ----------------------------------------------------------------------------------------------------------

export function StagesPart() {
  const { t } = useTranslation('definition')
  const { document, move, set, mayWrite } = useEditor()
  const stages = listOf(document['stages'])
  const ids = stages.map((stage, at) => textOf(valueIn(stage, ['id']) ?? at))
  return (
    <Box
      title={t('areas.stages')}
      beside={
        <Text size="xs" c="dimmed">
          {t('stages.said')}
        </Text>
      }
    >
      <Sortable
        ids={ids}
        labels={stages.map((stage, at) => labelOf(ids[at]!, stage))}
        move={(from, to) => move(['stages'], from, to)}
        isDisabled={!mayWrite}
      >
        {(at) => <StageRow path={['stages', at]} id={ids[at]!} stage={stages[at]} />}
      </Sortable>
      <AddNamed
        label={t('stages.add')}
        taken={ids}
        add={(id, typed) => set(['stages', stages.length], { id, ...labelled(id, typed) })}
      />
    </Box>
  )
}

function StageRow({ path, id, stage }: { readonly path: Path; readonly id: string; readonly stage: unknown }) {
  const { t } = useTranslation('definition')
  const editor = useEditor()
  const label = labelOf(id, stage)
  const enter = valueIn(stage, ['enter'])
  const by = [valueIn(stage, ['by']) ?? []].flat().map(String)
  const hasReasons = valueIn(stage, ['reasons']) !== undefined
  return (
    <OpeningRow
      label={t('form.open', { name: label })}
      beside={<PartMenu path={path} name={label} part={{ kind: 'stage', name: id }} />}
      sentence={
        <>
          <b>{label}</b>{' '}
          <Text span inherit c="dimmed" lang="en">
            {enter !== undefined
              ? wordsOf(editor, enter)
              : by.length > 0
                ? t('stages.byPerson', { by: by.join(', ') })
                : ''}
          </Text>
        </>
      }
    >
      <Stack gap="sm">
        <Group gap="xs" align="end">
          <TextField path={[...path, 'label']} label={t('form.label')} placeholder={label} w={180} />
          <OwnerField path={path} />
          <DurationField path={[...path, 'sla']} label={t('stages.sla')} placeholder="–" />
          <DurationField path={[...path, 'cool_down']} label={t('stages.coolDown')} placeholder="–" />
        </Group>
        <ConditionField path={[...path, 'enter']} label={t('stages.enter')} isOptional />
        {by.length > 0 ? (
          <ChoicesField
            path={[...path, 'by']}
            isSingle
            label={t('stages.by')}
            choices={DECISIONS.map((value) => ({ value, label: t(`stages.decisions.${value}`) }))}
            w={320}
          />
        ) : (
          editor.mayWrite &&
          enter === undefined && (
            <div>
              <Button size="compact-xs" variant="subtle" onClick={() => editor.set([...path, 'by'], 'accept')}>
                {t('stages.addBy')}
              </Button>
            </div>
          )
        )}
        <ConditionField path={[...path, 'needs']} label={t('stages.needs')} isOptional />
        {(hasReasons || by.length > 0) && <WordsField path={[...path, 'reasons']} label={t('stages.reasons')} />}
      </Stack>
    </OpeningRow>
  )
}

// --- Personas and playbooks ------------------------------------------------------------------------------------------

export function PersonasPart() {
  const { t } = useTranslation('definition')
  const editor = useEditor()
  const personas = entriesOf(editor.document['personas'])
  const attribute = choicesIn(editor.document, 'attributes')[0]?.value ?? 'name'
  return (
    <Box
      title={t('areas.personas')}
      beside={
        <Text size="xs" c="dimmed">
          {t('personas.said')}
        </Text>
      }
    >
      {personas.map(([name, persona]) => {
        const label = labelOf(name, persona)
        const path = ['personas', name]
        return (
          <OpeningRow
            key={name}
            label={t('form.open', { name: label })}
            beside={<PartMenu path={path} name={label} part={{ kind: 'persona', name }} />}
            sentence={
              <>
                <b>{label}</b>{' '}
                <Text span inherit c="dimmed" lang="en">
                  {wordsOf(editor, valueIn(persona, ['when']))}
                </Text>
              </>
            }
          >
            <Stack gap="sm">
              <TextField path={[...path, 'label']} label={t('form.label')} placeholder={label} w={240} />
              <TextField path={[...path, 'description']} label={t('form.description')} isLong />
              <ConditionField path={[...path, 'when']} label={t('personas.when')} />
            </Stack>
          </OpeningRow>
        )
      })}
      <AddNamed
        label={t('personas.add')}
        taken={personas.map(([name]) => name)}
        add={(name, typed) =>
          editor.set(['personas', name], { ...labelled(name, typed), when: { attribute, known: true } })
        }
      />
    </Box>
  )
}

export function PlaybooksPart() {
  const { t } = useTranslation('definition')
  const editor = useEditor()
  const playbooks = entriesOf(editor.document['playbooks'])
  const stage = stageChoices(editor.document)[0]?.value ?? 'lead'
  return (
    <Box
      title={t('areas.playbooks')}
      beside={
        <Text size="xs" c="dimmed">
          {t('playbooks.said')}
        </Text>
      }
    >
      {playbooks.map(([name, playbook]) => {
        const path = ['playbooks', name]
        const title = textOf(valueIn(playbook, ['title']) ?? name)
        const steps = listOf(valueIn(playbook, ['steps']))
        return (
          <OpeningRow
            key={name}
            label={t('form.open', { name: title })}
            beside={<PartMenu path={path} name={title} part={{ kind: 'playbook', name }} />}
            sentence={
              <>
                <b>{title}</b>{' '}
                <Text span inherit c="dimmed" lang="en">
                  {wordsOf(editor, valueIn(playbook, ['when']))}
                </Text>
              </>
            }
          >
            <Stack gap="sm">
              <Group gap="xs" align="end">
                <TextField path={[...path, 'title']} label={t('playbooks.title')} w={320} />
                <OwnerField path={path} />
              </Group>
              <ConditionField path={[...path, 'when']} label={t('playbooks.when')} />
              {steps.map((_, at) => (
                // oxlint-disable-next-line react/no-array-index-key -- a step has no name but its place
                <Group key={at} gap="xs" wrap="nowrap" align="end">
                  <div style={{ flex: 1 }}>
                    <TextField path={[...path, 'steps', at]} label={t('playbooks.step', { at: at + 1 })} isLong />
                  </div>
                  {steps.length > 1 && (
                    <PartMenu path={[...path, 'steps', at]} name={t('playbooks.step', { at: at + 1 })} />
                  )}
                </Group>
              ))}
              {editor.mayWrite && (
                <div>
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    onClick={() => editor.set([...path, 'steps', steps.length], t('playbooks.newStep'))}
                  >
                    {t('playbooks.addStep')}
                  </Button>
                </div>
              )}
            </Stack>
          </OpeningRow>
        )
      })}
      <AddNamed
        label={t('playbooks.add')}
        taken={playbooks.map(([name]) => name)}
        add={(name, typed) =>
          editor.set(['playbooks', name], { when: { stage }, title: typed, steps: [t('playbooks.newStep')] })
        }
      />
    </Box>
  )
}

// --- Capacity --------------------------------------------------------------------------------------------------------

export function CapacityPart() {
  const { t } = useTranslation('definition')
  const { document, set, mayWrite } = useEditor()
  const teams = entriesOf(document['capacity'])
  const stage = stageChoices(document)[1]?.value ?? 'mql'
  return (
    <Box
      title={t('areas.capacity')}
      beside={
        <Text size="xs" c="dimmed">
          {t('capacity.said')}
        </Text>
      }
    >
      <Stack gap="sm">
        {teams.map(([team, limits]) => (
          <Group key={team} gap="sm" align="end">
            <Text size="sm" fw={600} pb={5}>
              {team}
            </Text>
            {entriesOf(limits).map(([limit]) => (
              <NumberField
                key={limit}
                path={['capacity', team, limit]}
                isNeeded
                label={limit.replaceAll('_', ' ')}
                w={130}
              />
            ))}
            <PartMenu path={['capacity', team]} name={team} part={{ kind: 'team', name: team }} />
          </Group>
        ))}
        {mayWrite && teams.length === 0 && (
          <div>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => set(['capacity', 'sales'], { [`${stage}_per_week`]: 50 })}
            >
              {t('capacity.add')}
            </Button>
          </div>
        )}
      </Stack>
    </Box>
  )
}

// --- The whole -------------------------------------------------------------------------------------------------------

export function GeneralPart({ draftName }: { readonly draftName: ReactNode }) {
  const { t } = useTranslation('definition')
  return (
    <Box title={t('form.general')}>
      <Stack gap="sm">
        {draftName}
        <TextField path={['name']} label={t('general.name')} />
        <TextField path={['description']} label={t('form.description')} isLong />
        <TextField path={['review', 'every']} label={t('general.review')} placeholder="3 months" w={140} />
      </Stack>
    </Box>
  )
}
