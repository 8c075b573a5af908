export const help = `蔵番 Kuraban — 顧客情報の蔵 / the keeper of the storehouse

使い方 / Usage:  ./kuraban COMMAND [options]

  demo                     見本の会社(山田電機)で試す / try it with a sample company
  start                    自社で使い始める / run it for your own company
  import FILE              Excel・CSV を取り込む / import an Excel or CSV file   (--map auto --department NAME --duplicates skip|update|add --kind customers|purchases)
  ledger verify            記録簿と蔵を検証する / verify the ledger and the storehouse
  ledger export FILE       記録簿を証明ごと書き出す / the ledger with its proofs, to be verified elsewhere   (--from DAY --to DAY --without-entries)
  ledger archive --before DAY  古い記録をファイルへ移す / move old months of the ledger into files
  ledger rebuild-exposure  誰が誰を見たかの索引を作り直す / pack who saw whom anew from the ledger
  incident open            事案を開く / open an incident   (--playbook CAUSE --known TIME --what TEXT)
  incident evidence        事案の証拠に封をして書き出す / everything kept of an incident in one sealed file   (--incident N --out FILE.zip)
  incident scope           原因から影響範囲を数で出す / from causes to the people of an incident, in numbers   (--cause account:12 --cause backup:together --from T --to T --as-of N --incident N --verify)
  backup --to FOLDER       データと鍵を別々のファイルに控える / write data and keys as two files
  restore --from FOLDER    控えから戻す / bring a backup back   (--recovery-key-file FILE)
  witness                  別のパソコンで記録簿を見張る / keep witness of a ledger on another machine   (--listen H:P --dir DIR --log-key KEY --follow URL --token-file FILE)
  recover-office           管理者・個人情報保護管理者を復旧鍵で招待し直す / invite an administrator or privacy officer anew, by the recovery key   (--recovery-key-file FILE --account N)
  measures WORD            応急措置: 止める・解除する / measures in an emergency   stop | read-only | hold | cut-all | lift N | list   (--reason TEXT --message TEXT --call NUMBER)
  support-bundle --out FILE  個人情報の入らない調査用ファイル / a file for whoever helps, without personal values
  bench CASE               page | detail | search | import | screen   (--customers N --seconds S --callers 1,8 --rows N --json)
  bench exposure           (--customers N --deliveries N --http N --data DIR --json)
  bench archive            (--customers N --deliveries N --json)
  bench incident           (--customers N --deliveries N, or --data DIR; --json)
  bench match              (--customers N --rows N --json)
  bench ledger             (--seconds S --callers 1,16,64,256 --json)
  test                     すべてのテスト / everything that CI runs
  help                     この説明 / this text

Options:
  --data DIR       データの場所 / where the data stands
  --keys DIR       鍵の場所(データの外)/ where the keys stand (outside the data; default: DIR.keys)
  --port N         (8443)    --host H  (127.0.0.1)
  --tls-key FILE --tls-cert FILE   証明書 / a certificate of your own (else a local CA is made off loopback)
  --behind-proxy   TLS をプロキシに任せる / a proxy in front ends TLS
  --json           スクリプト向けの出力 / output for scripts
  DATABASE_URL     自前の PostgreSQL 15 以上 / a PostgreSQL of your own (off loopback: sslmode=verify-full)
`;
