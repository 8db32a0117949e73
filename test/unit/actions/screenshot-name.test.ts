import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameFacts, sortableTime, type WallTime } from '../../../main/daemon/actions/screenshots/name.ts';

const at = '2026-11-29_09-14-00';
const evening = '2026-11-29_21-14-00';

/** A name; its time, or undefined if only the file tells; its app. */
const cases: readonly [name: string, time: string | undefined, app?: string][] = [
  // Samsung
  ['Screenshot_20261129_091400_WhatsApp.jpg', at, 'WhatsApp'],
  ['Screenshot_20261129-091400_WhatsApp.jpg', at, 'WhatsApp'],
  ['Screenshot_20261129_091400_Samsung Internet.jpg', at, 'Samsung Internet'],
  ['Screenshot_20261129_091400_One UI Home.jpg', at, 'One UI Home'],
  ['Screenshot_20261129_091400_WhatsApp (1).jpg', at, 'WhatsApp'],
  ['Screenshot_20261129_091400_Wikipédia.jpg', at, 'Wikipédia'],
  ['Screenshot_20261129_091400.jpg', at],
  // Android, Pixel
  ['Screenshot_20261129-091400.png', at],
  ['Screenshot_20261129-091400~2.png', at],
  ['Screenshot_20261129-091400.Chrome.png', at, 'Chrome'],
  ['Screenshot_20261129-091400_Chrome.png', at, 'Chrome'],
  ['Screenshot_20261129-091400 (2).PNG', at],
  // Xiaomi, OnePlus, Oppo
  ['Screenshot_2026-11-29-09-14-00-123_com.app.png', at, 'com.app'],
  ['Screenshot_2026-11-29-09-14-00-123_com.whatsapp.jpg', at, 'com.whatsapp'],
  ['Screenshot_2026-11-29-09-14-00.png', at],
  ['Screenshot_2026-11-29-09-14-00-12.png', at],
  ['Screenshot_2026-11-29-09-14-00-12_92460851df6f172a4592fca41cc2d2e6.jpg', at],
  // iOS
  ['IMG_1234.PNG', undefined],
  ['IMG_0001 2.png', undefined],
  ['Screenshot 2026-11-29 at 9.14.00 AM.png', at],
  ['Screenshot 2026-11-29 at 9.14.00 PM.jpeg', evening],
  ['2026-11-29 09.14.00.png', at],
  ['IMG_20261129_091400.jpg', at],
  ['IMG_20261129_091400123.jpg', at],
  // macOS, with the narrow space that may not be broken, and in the languages of the world
  ['Screenshot 2026-11-29 at 09.14.00.png', at],
  ['Screenshot 2026-11-29 at 9.14.00\u202fAM.png', at],
  ['Screenshot 2026-11-29 at 9.14.00\u202fPM.png', evening],
  ['Screenshot 2026-11-29 at 12.14.00\u202fAM.png', '2026-11-29_00-14-00'],
  ['Screenshot 2026-11-29 at 12.14.00\u202fPM.png', '2026-11-29_12-14-00'],
  ['Screenshot 2026-11-29 at 9.14.00 a.m..png', at],
  ['Screenshot 2026-11-29 at 9.14.00\u00a0p.\u202fm..png', evening],
  ['Screenshot 2026-11-29 at 9.14.00 AM (2).png', at],
  ['Screenshot 2026-11-29 at 09.14.00 copy.png', at],
  ['Screenshot 2026-11-29 at 09.14.00 2.png', at],
  ['Screen Shot 2026-11-29 at 09.14.00.png', at],
  ['Bildschirmfoto 2026-11-29 um 09.14.00.png', at],
  ['Capture d’écran 2026-11-29 à 09.14.00.png', at],
  ['Capture d’e\u0301cran 2026-11-29 a\u0300 09.14.00.png', at],
  ['Captura de pantalla 2026-11-29 a la(s) 9.14.00 p.m..png', evening],
  ['Captura de pantalla 2026-11-29 a las 9.14.00.png', at],
  ['Captura de Tela 2026-11-29 às 09.14.00.png', at],
  ['Schermata 2026-11-29 alle 09.14.00.png', at],
  ['Schermafbeelding 2026-11-29 om 09.14.00.png', at],
  ['Skärmavbild 2026-11-29 kl. 09.14.00.png', at],
  ['Skærmbillede 2026-11-29 kl. 09.14.00.png', at],
  ['Näyttökuva 2026-11-29 kello 9.14.00.png', at],
  ['Снимок экрана 2026-11-29 в 09.14.00.png', at],
  ['Zrzut ekranu 2026-11-29 o 09.14.00.png', at],
  ['Ekran Resmi 2026-11-29 ÖS 9.14.00.png', evening],
  ['スクリーンショット 2026-11-29 9.14.00.png', at],
  ['スクリーンショット 2026-11-29 午後9.14.00.png', evening],
  ['스크린샷 2026-11-29 오후 9.14.00.png', evening],
  ['截屏2026-11-29 09.14.00.png', at],
  ['截圖 2026-11-29 上午9.14.00.png', at],
  // GNOME
  ['Screenshot from 2026-11-29 09-14-00.png', at],
  ['Screenshot from 2026-11-29 09-14-00-1.png', at],
  ['Bildschirmfoto vom 2026-11-29 09-14-00.png', at],
  ['Capture d’écran de 2026-11-29 09-14-00.png', at],
  ['Captura de pantalla de 2026-11-29 09-14-00.png', at],
  ['Snímek z 2026-11-29 09-14-00.png', at],
  // KDE, Flameshot
  ['Screenshot_20261129_091400-1.png', at],
  ['2026-11-29_09-14.png', at],
  // Windows
  ['Screenshot 2026-11-29 091400.png', at],
  ['Screenshot 2026-11-29 091400 (1).png', at],
  ['Screenshot (12).png', undefined],
  ['Schermopname (3).png', undefined],
  // No time at all, or none that there is
  ['picture.png', undefined],
  ['', undefined],
  ['Screenshot_20261329_091400_App.jpg', undefined],
  ['Screenshot_20260230_091400.jpg', undefined],
  ['Screenshot_20261129_251400.jpg', undefined],
  ['Screenshot 2026-11-29 at 09.74.00.png', undefined],
  ['IMG-20261129-WA0001.jpg', undefined],
  ['123420261129_091400.png', undefined],
];

test.for(cases)('%s', ([name, time, app]) => {
  const facts = nameFacts(name);
  expect(facts.time && sortableTime(facts.time)).toBe(time);
  expect(facts.app).toBe(app);
});

const times = fc
  .date({ min: new Date(Date.UTC(1990, 0)), max: new Date(Date.UTC(2199, 11)), noInvalidDate: true })
  .map((date) => ({
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  }));

const two = (number: number): string => String(number).padStart(2, '0');
const writers: readonly ((time: WallTime, app: string) => string)[] = [
  (t, app) =>
    `Screenshot_${t.year}${two(t.month)}${two(t.day)}_${two(t.hour)}${two(t.minute)}${two(t.second)}_${app}.jpg`,
  (t) =>
    `Screenshot ${t.year}-${two(t.month)}-${two(t.day)} at ${t.hour % 12 || 12}.${two(t.minute)}.${two(t.second)}\u202f${t.hour < 12 ? 'AM' : 'PM'}.png`,
  (t) =>
    `Bildschirmfoto vom ${t.year}-${two(t.month)}-${two(t.day)} ${two(t.hour)}-${two(t.minute)}-${two(t.second)}.png`,
  (t) =>
    `Screenshot ${t.year}-${two(t.month)}-${two(t.day)} ${two(t.hour)}${two(t.minute)}${two(t.second)}.png`,
];

test('every time is found again in every form, whatever the app is, and however often it was copied', () => {
  const app = fc.stringMatching(/^[A-Z][a-z]{2,8}( [A-Z][a-z]{2,5})?$/);
  const copies = fc.constantFrom('', ' (1)', ' (23)', '~2');
  fc.assert(
    fc.property(
      times,
      app,
      copies,
      fc.integer({ min: 0, max: writers.length - 1 }),
      (time, app, copy, form) => {
        const name = writers[form]?.(time, app).replace(/(\.\w+)$/, `${copy}$1`) ?? '';
        const facts = nameFacts(name);
        expect(facts.time).toEqual(time);
        expect(facts.app).toBe(form === 0 ? app : undefined);
      },
    ),
  );
});

test('any name at all gives a time that there is, or none', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\d :._\-apm]{0,40}$/)),
      (name) => {
        const { time } = nameFacts(name);
        if (time === undefined) return;
        const date = new Date(
          Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second),
        );
        expect(date.toISOString().slice(0, 10)).toBe(sortableTime(time).slice(0, 10));
      },
    ),
  );
});
