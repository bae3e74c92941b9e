/** One lead after the reveal: what everybody said and why, what the definition said, and what happened. */
import { ActionIcon, Badge, Menu, Text, Tooltip } from '@mantine/core'
import { IconCheck, IconMessagePlus, IconPhone, IconPhoneOff } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type Reply, send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { useMay } from '../../app/session.ts'
import { LevelChip } from '../../ui/level-chip.tsx'
import { Person } from '../../ui/person.tsx'
import { ErrorNote } from '../../ui/states.tsx'
import classes from './alignment.module.css'

export type Revealed = Reply<'alignment', 'getResult'>['leads'][number]
type Rating = Revealed['ratings'][number]
interface Told {
  readonly session: { readonly id: string; readonly category: string }
  readonly lead: Revealed
}

export function RevealedLead({ session, lead }: Told) {
  const { t } = useTranslation('alignment')
  return (
    <li className={classes.talkLead}>
      <div className={classes.talkHead}>
        <Link to="/leads/$lead" params={{ lead: lead.lead.id }} search={{ at: lead.asOf }} className="link">
          {lead.lead.name ?? `#${lead.place}`}
        </Link>
        <WhatWas session={session} lead={lead} />
        {lead.disagreement === 0 && (
          <Text span size="xs" c="dimmed">
            {t('result.unanimous')}
          </Text>
        )}
      </div>
      <Ratings session={session} lead={lead} />
    </li>
  )
}

export function WhatWas({ session, lead }: Told) {
  const { t } = useTranslation('alignment')
  const words = useDefinition()
  return (
    <span className={classes.whatWas}>
      <Text span size="xs" c="dimmed">
        {t('result.definitionWas')}
      </Text>
      <LevelChip {...words.level(session.category, lead.level)} />
      <Text span size="xs" c="dimmed">
        {t('result.happened')}
      </Text>
      <Badge variant="light" color={lead.isGood ? 'spruce' : 'gray'} className={classes.badge}>
        {t(`outcomes.${lead.outcome}`)}
      </Badge>
    </span>
  )
}

export const Ratings = ({ session, lead }: Told) => (
  <ul className={classes.ratings}>
    {lead.ratings.map((rating) => (
      <OneRating key={rating.person} session={session} lead={lead} rating={rating} />
    ))}
  </ul>
)

function OneRating({ session, lead, rating }: Told & { readonly rating: Rating }) {
  const { t } = useTranslation('alignment')
  const words = useDefinition()
  const Icon = rating.wouldCall ? IconPhone : IconPhoneOff
  const call = t(rating.wouldCall ? 'result.callYes' : 'result.callNo')
  return (
    <li>
      <span className={classes.rater}>
        <Person name={rating.name} size={22} />
        <Text span size="sm" truncate>
          {rating.name}
        </Text>
        <Text span size="xs" c="dimmed">
          {t(`teams.${rating.team}`)}
        </Text>
      </span>
      <LevelChip {...words.level(session.category, rating.level)} />
      <Tooltip label={call}>
        <Icon size={16} aria-label={call} color={rating.wouldCall ? 'var(--w-good)' : 'var(--w-soft)'} />
      </Tooltip>
      <span className={classes.reason}>
        {rating.reason !== '' && <span>“{rating.reason}”</span>}
        {rating.reason !== '' && <Note session={session} lead={lead} rating={rating} />}
      </span>
    </li>
  )
}

function Note({ session, lead, rating }: Told & { readonly rating: Rating }) {
  const { t } = useTranslation('alignment')
  const words = useDefinition()
  const formats = useFormats()
  const may = useMay()
  const note = useMutation({
    mutationFn: (path: string) =>
      send('alignment', 'noteReason', {
        params: { session: session.id, place: lead.place },
        body: { person: rating.person, path },
      }),
    onSuccess: () =>
      Promise.all(['alignment', 'comments'].map((area) => queries.invalidateQueries({ queryKey: [area] }))),
  })
  if (rating.comment !== null)
    return (
      <Text span size="xs" c="dimmed" className={classes.noted}>
        <IconCheck size={13} aria-hidden /> {t('result.noted')}
      </Text>
    )
  if (!may('definitions:write')) return null
  return (
    <>
      <Menu position="bottom-end" width={300}>
        <Menu.Target>
          <ActionIcon
            className="no-print"
            variant="subtle"
            color="gray"
            size="sm"
            loading={note.isPending}
            aria-label={t('result.noteOf', { name: rating.name })}
          >
            <IconMessagePlus size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('result.noteOn')}</Menu.Label>
          {lead.said.criteria.map(({ path, score, group, criterion, points }) => (
            <Menu.Item key={path} onClick={() => note.mutate(path)}>
              {t('result.gave', {
                criterion: words.criterion(score, group, criterion)?.label ?? criterion,
                points: formats.points(points),
              })}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => note.mutate(`categories.${session.category}`)}>
            {t('result.levelsOf', { category: words.categoryLabel(session.category) })}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {note.error && <ErrorNote error={note.error} />}
    </>
  )
}
