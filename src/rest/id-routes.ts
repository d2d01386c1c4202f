import type { Row } from './row.ts';
import { row } from './typed-row.ts';

/** The rows of the registry of ids. */
export const ID_ROUTES: readonly Row[] = [
  row({
    operation: 'next_id',
    method: 'get',
    path: '/ids/next',
    query: ['type', 'project'],
    hasNoHead: true,
    names: { id: 'getNextId', tag: 'ids', answer: 'NextIdAnswer' },
  }),
  row({
    operation: 'next_id',
    method: 'post',
    path: '/ids/next',
    query: [],
    names: { id: 'takeNextId', tag: 'ids', answer: 'NextIdAnswer', body: 'NextIdRequest' },
  }),
  row({
    operation: 'reserve_ids',
    method: 'post',
    path: '/ids/reserve',
    query: [],
    names: { id: 'reserveIds', tag: 'ids', answer: 'ReservationAnswer', body: 'ReservationRequest' },
  }),
  row({
    operation: 'confirm_reservation',
    method: 'post',
    path: '/ids/confirm',
    query: [],
    names: { id: 'confirmReservation', tag: 'ids', answer: 'ConfirmAnswer', body: 'ConfirmRequest' },
  }),
  row({
    operation: 'delete_expired_reservations',
    method: 'delete',
    path: '/ids/reservations/expired',
    query: [],
    names: { id: 'deleteExpiredReservations', tag: 'ids', answer: 'ExpiredAnswer' },
  }),
];
