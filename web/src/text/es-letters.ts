/** Español, de quienes no están y de los mensajes que se les dejan. */
import type { LettersText } from './en-letters.ts'

export const esLetters: LettersText = {
  away: (who) => `${who} no está.`,
  awaySince: (who, time) => `${who} no está. Última señal: ${time}.`,
  back: (who) => `${who} ha vuelto. Ya puedes llamar.`,
  offer: 'Dejar un mensaje',
  label: (who) => `Tu mensaje para ${who}`,
  placeholder: 'Lo leerá a su vuelta',
  left: (count) => (count === 1 ? 'Queda 1 carácter' : `Quedan ${count} caracteres`),
  send: 'Dejarlo',
  cancel: 'Ahora no',
  sending: 'Sellando y entregando…',
  another: 'Dejar otro',
  kept: (who) =>
    `Tu mensaje lo guarda alguien que hace las veces de ${who}, sellado: solo ${who} puede leerlo.`,
  keptHere: (who) =>
    `Tu mensaje se guarda aquí, porque esta página hace las veces de ${who}, y donde otros también lo hacen. Está sellado: solo ${who} puede leerlo.`,
  full: (who) => `No se pueden guardar más mensajes tuyos para ${who}. Antes tiene que leer los demás.`,
  nobody: (who) =>
    `Ahora no se llega a nadie que haga las veces de ${who}. Tu texto sigue aquí: inténtalo de nuevo en un momento.`,
  failed: (why) => `No se pudo dejar tu mensaje: ${why}`,

  title: 'Mensajes',
  hint: 'Te los dejaron mientras no estabas. Solo tú puedes leerlos.',
  fresh: 'Nuevo',
  freshCount: (count) => (count === 1 ? '1 mensaje nuevo' : `${count} mensajes nuevos`),
  unreadable: 'Esta página no conoce esta clase de mensaje.',
  callBack: 'Devolver la llamada',
  remove: 'Borrar',
  removeOf: (who) => `Borrar el mensaje de ${who}`,
  removed: 'El mensaje se ha borrado.',
  notRemoved: (why) => `No se pudo borrar el mensaje: ${why}`,
}
