/** What was known of a lead before sales decided: nothing that names it, and nothing that came later. */
import { Skeleton, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, type Reply } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { ForgottenNote } from '../../ui/forgotten.tsx'
import { propertyWords, spaced, valueWords } from '../../ui/fact-words.ts'
import { ErrorNote } from '../../ui/states.tsx'
import classes from './alignment.module.css'

type Card = Reply<'alignment', 'getCard'>

const cardOf = (session: string, place: number) => ({
  ...ask('alignment', 'getCard', { params: { session, place } }),
  staleTime: Infinity, // the past stays
})

export function LeadCard({
  session,
  place,
  total,
}: {
  readonly session: string
  readonly place: number
  readonly total: number
}) {
  const { t } = useTranslation('alignment')
  const { data, error, refetch } = useQuery(cardOf(session, place))
  if (data !== undefined && place < total) void queries.prefetchQuery(cardOf(session, place + 1))
  return (
    <section className={classes.card} aria-labelledby="alignment-lead">
      <Title order={2} id="alignment-lead">
        {t('rate.progress', { place, total })}
      </Title>
      {error && <ErrorNote error={error} retry={() => void refetch()} />}
      {data === undefined ? <Skeleton h={260} mt="md" /> : <Facts card={data} />}
    </section>
  )
}

function Facts({ card }: { readonly card: Card }) {
  const { t } = useTranslation('alignment')
  const formats = useFormats()
  const activities = card.activities.map((activity, index) => ({ key: `${activity.at} ${index}`, ...activity }))
  const rest = card.activitiesTotal - card.activities.length
  return (
    <>
      <Text size="sm" c="dimmed">
        {t(card.isAsReceived ? 'rate.asOf' : 'rate.asHappened', { at: formats.date(card.asOf) })}
        {card.since !== null && ` · ${t('rate.since', { at: formats.relative(card.since, Date.parse(card.asOf)) })}`}
      </Text>
      <ForgottenNote forgotten={card.forgotten} />
      <div className={classes.known}>
        <Known title={t('rate.person')} values={card.attributes} />
        <Known title={t('rate.company')} values={card.account} />
      </div>
      <Title order={3} mt="md" mb={4}>
        {t('rate.activities')}
      </Title>
      {card.activities.length === 0 && <Text size="sm">{t('rate.noActivities')}</Text>}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be scrolled with keys */}
      <ol className={classes.activities} tabIndex={0}>
        {activities.map(({ key, at, type, properties }) => (
          <li key={key}>
            <Text span size="xs" c="dimmed" className={classes.ago}>
              {formats.relative(at, Date.parse(card.asOf))}
            </Text>
            <span>
              {capitalised(spaced(type))}
              <Text span size="sm" c="dimmed">
                {propertyWords(properties) !== '' && ` · ${propertyWords(properties)}`}
              </Text>
            </span>
          </li>
        ))}
      </ol>
      {rest > 0 && (
        <Text size="sm" c="dimmed">
          {t('rate.more', { count: rest })}
        </Text>
      )}
    </>
  )
}

function Known({ title, values }: { readonly title: string; readonly values: Card['attributes'] }) {
  const { t } = useTranslation('alignment')
  const words = useDefinition()
  const formats = useFormats()
  const order = new Map(words.outline.attributes.map(({ name }, index) => [name, index]))
  const names = Object.keys(values).sort((a, b) => (order.get(a) ?? Infinity) - (order.get(b) ?? Infinity))
  const shown = (name: string) => {
    const value = values[name]!
    if (typeof value === 'number')
      return [formats.number(value, 2), words.attribute(name)?.unit].filter(Boolean).join(' ')
    return typeof value === 'string' ? spaced(value) : valueWords(value)
  }
  return (
    <div>
      <Title order={3} mb={4}>
        {title}
      </Title>
      {names.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('rate.nothing')}
        </Text>
      )}
      <dl className={classes.values}>
        {names.map((name) => (
          <div key={name}>
            <dt>{words.attributeLabel(name)}</dt>
            <dd>{shown(name)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
