/** What is known, since when; each value can be corrected in place. */
import { ActionIcon, Tooltip } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AttributeOutline, useDefinition } from '../app/definition.ts'
import { useFormats } from '../app/format.ts'
import { useMay } from '../app/session.ts'
import { spaced, valueWords } from './fact-words.ts'
import classes from './known.module.css'
import { type Subject, useAnswers } from './use-answers.ts'
import { SavedField, type Value } from './value-field.tsx'

/** Who it is stands above already. */
const TITLES = ['name', 'email']

export function Known({
  subject,
  about,
  attributes,
  times,
}: {
  readonly subject: Subject
  readonly about: AttributeOutline['about']
  readonly attributes: Readonly<Record<string, Value>>
  readonly times?: Readonly<Record<string, string>>
}) {
  const words = useDefinition()
  const { save, pending } = useAnswers(subject)
  const order = new Map(words.outline.attributes.map(({ name }, index) => [name, index]))
  const names = Object.keys(attributes)
    .filter((name) => attributes[name] !== null && !TITLES.includes(name))
    .toSorted((a, b) => (order.get(a) ?? Infinity) - (order.get(b) ?? Infinity) || a.localeCompare(b))
  return (
    <dl className={classes.known}>
      {names.map((name) => (
        <Row
          key={name}
          name={name}
          about={about}
          value={pending.get(name) ?? attributes[name]!}
          since={times?.[name]}
          onSave={(value) => save({ attribute: name, value, before: attributes[name] ?? null })}
        />
      ))}
    </dl>
  )
}

function Row({
  name,
  about,
  value,
  since,
  onSave,
}: {
  readonly name: string
  readonly about: AttributeOutline['about']
  readonly value: Value
  readonly since: string | undefined
  readonly onSave: (value: Value) => void
}) {
  const { t } = useTranslation()
  const formats = useFormats()
  const words = useDefinition()
  const may = useMay()
  const [isEdited, setIsEdited] = useState(false)
  const outline = words.attribute(name)
  const label = words.attributeLabel(name)
  // A value that the definition does not know can still be read; what it means is nobody's to change here.
  const isEditable = outline !== undefined && outline.about === about && may('leads:write')
  return (
    <div className={classes.row}>
      <dt>{label}</dt>
      <dd>
        {isEdited && outline !== undefined ? (
          <SavedField
            attribute={outline}
            label={label}
            value={value}
            onSave={(next) => {
              setIsEdited(false)
              onSave(next)
            }}
            onCancel={() => setIsEdited(false)}
          />
        ) : (
          <>
            <Tooltip
              label={since === undefined ? '' : t('known.since', { at: formats.dateTime(since) })}
              disabled={!since}
            >
              <span className={classes.value}>{shown(value, outline, formats)}</span>
            </Tooltip>
            {isEditable && (
              <ActionIcon
                className={`${classes.edit} no-print`}
                size="xs"
                variant="subtle"
                color="gray"
                aria-label={t('known.edit', { attribute: label })}
                onClick={() => setIsEdited(true)}
              >
                <IconPencil size={13} />
              </ActionIcon>
            )}
          </>
        )}
      </dd>
    </div>
  )
}

function shown(value: Value, outline: AttributeOutline | undefined, formats: ReturnType<typeof useFormats>): string {
  if (typeof value === 'number') return [formats.number(value, 2), outline?.unit].filter(Boolean).join(' ')
  if (outline?.type === 'date' && typeof value === 'string' && !Number.isNaN(Date.parse(value)))
    return formats.date(value.slice(0, 10))
  if (outline?.type === 'choice' || outline?.type === 'choices') return spaced(valueWords(value))
  return valueWords(value)
}
