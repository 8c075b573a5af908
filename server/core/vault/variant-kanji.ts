/**
 * Kanji that stand for each other in Japanese names and addresses: the form in use today, then its old forms (the
 * tables of 当用漢字字体表 1949 and 常用漢字表 2010, their 康熙字典体) and the variants met in family registers. Search
 * compares the first of each group. Some pairs are characters of their own elsewhere (斎 and 斉, 島 and 嶌, 弁 and 辯):
 * people mix them up when they type a name, so search does not tell them apart. Compatibility forms (U+F900–U+FAFF)
 * that NFKC already unifies are not listed.
 */
const groups = `
高髙 崎﨑嵜㟢 辺邊邉 斎齋齊斉亝 沢澤 浜濱濵 広廣 島嶋嶌㠀 徳德悳 恵惠 国國圀囯 瀬瀨 桜櫻 曽曾 槙槇 真眞 静靜 豊豐
竜龍 円圓 蔵藏 売賣 実實 寿壽 条條 栄榮 万萬 与與 吉𠮷 土圡 野埜 富冨 峰峯 柳栁桺 船舩 館舘 松枩枀 杉杦 鉄鐵銕鉃
関關 薮藪籔 淵渕渊 弥彌 巌巖 岳嶽 薫薰 桧檜 芦蘆 磯礒 篭籠 蛍螢 鴎鷗 鴬鶯 熙熈煕凞 祢禰 祷禱 頬頰 剥剝 填塡 増增
寛寬 教敎 戸戶 呉吳 宮宫 録錄 郎郞 郷鄕鄉 緑綠 黒黑 青靑 清淸 尭堯 遥遙 凛凜 亘亙 梅楳 桑桒 草艸 秋秌龝穐 塩鹽
塚塜 窪漥 橋槗𣘺 昇曻 芸藝 来來 会會 学學 気氣 医醫 県縣 区區 当當 党黨 台臺 体體躰 対對 帯帶 滞滯 択擇 単單
担擔 胆膽 団團 断斷 弾彈 遅遲 昼晝 虫蟲 鋳鑄 庁廳 徴徵 聴聽 勅敕 鎮鎭 逓遞 転轉 点點 伝傳 灯燈 盗盜 稲稻 闘鬪
独獨 読讀 届屆 縄繩 弐貳 悩惱 脳腦 覇霸 拝拜 廃廢 発發 髪髮 抜拔 蛮蠻 秘祕 浅淺 払拂 仏佛 並竝 変變 弁辨瓣辯
舗舖 穂穗 宝寶寳 没沒 毎每 満滿 黙默 訳譯 薬藥 予豫 余餘 誉譽 揺搖 様樣 謡謠 乱亂 覧覽 両兩 猟獵 塁壘 励勵 礼禮
霊靈 齢齡 歴歷 恋戀 炉爐 労勞 楼樓 湾灣 壱壹 隠隱 営營 衛衞 駅驛 悦悅 閲閱 艶艷 応應 欧歐 殴毆 横橫 奥奧 温溫
穏穩 仮假 価價 画畫 絵繪 壊壞 懐懷 拡擴 殻殼 覚覺 楽樂 勧勸 巻卷 歓歡 観觀 陥陷 缶罐 帰歸 偽僞 戯戲 犠犧 旧舊
拠據 挙擧 虚虛 峡峽 挟挾 狭狹 暁曉 勲勳 径徑 掲揭 渓溪 経經 継繼 茎莖 鶏鷄雞 撃擊 剣劍劔劒剱 検檢 権權 圏圈 献獻
研硏 険險 顕顯 験驗 厳嚴 効效 恒恆 鉱鑛 号號 剤劑 済濟 砕碎 雑雜 参參 惨慘 桟棧 蚕蠶 賛贊 残殘 糸絲 歯齒 児兒
辞辭 湿濕 釈釋 写寫 収收 従從 渋澁 獣獸 縦縱 粛肅 処處 緒緖 叙敍敘 将將 称稱 渉涉 焼燒 証證 奨奬獎 乗乘 剰剩
壌壤 嬢孃 浄淨 畳疊疉 穣穰 譲讓 醸釀 嘱囑 触觸 寝寢 慎愼 晋晉 尽盡 図圖 粋粹 酔醉 随隨 髄髓 数數 枢樞 声聲 窃竊
摂攝 専專 戦戰 践踐 銭錢 潜潛 繊纖 禅禪 双雙 壮壯 捜搜 挿插 争爭 総總緫 装裝 荘莊 騒騷 臓臟 属屬 続續 堕墮 駄馱
巣巢 為爲 囲圍 亜亞 悪惡 圧壓 脱脫 税稅 説說 鋭銳 粧妝 歩步 渇渴 概槪 既旣 即卽 瑶瑤 尚尙 内內 呂吕 姫姬 娯娛
彦彥 産產 顔顏 虎乕 兎兔菟 亀龜 舎舍 禄祿 麦麥 麺麵 麹麴 黄黃 竈竃灶 釜釡 鎌鐮 鑓鎗 鑑鑒 間閒 陰隂 隣鄰 雁鴈
鶴靏靎靍 鳳鳯 駆驅 騨驒 頼賴 餅餠 飲飮 頚頸 顛顚 賓賔 賢贒 躯軀 輌輛 達达逹 遠逺 邦邫 醤醬 鈎鉤 蝋蠟 蝿蠅 蝉蟬
蒋蔣 蕊蘂 藁藳 虻蝱 蟹蠏 裏裡 諌諫 讃讚 繋繫 繍繡 翆翠 恥耻 肇肈 膳饍 臥卧 刈苅 茅茆 莱萊 萌萠 窓窗窻 竪豎 筒筩
糠粇 緜綿 溌潑 濤涛 焔焰 燗爛 猪豬 猫貓 狸貍 瓶甁 畠畑 畴疇 痩瘦 杯盃 砺礪 砿礦 槌鎚 嘆歎 毘毗 冴冱 涼凉 函凾
勇勈 卯夘 厨廚 厩廐廏 喜㐂 坂阪 夢梦 妍姸 宜宐 屏屛 岡罡 幡旛 強强 戻戾 掴摑 撹攪 昂昻 晃晄 晒曬 暦曆 本夲 村邨
枡桝 柏栢 柿柹 栃杤 栖棲 梁樑 滝瀧 聡聰 欠缺 角⻆ 迪廸 蘇蘓 垂埀 錬鍊 闊濶 鯵鰺 爾尔 侠俠 倶俱 併倂 嚢囊 嘘噓
梼檮 涜瀆 潅灌 痴癡 皐皋 穎頴 園薗 蛎蠣 讐讎 鑚鑽 閉閇 隷隸 鼠鼡 沖冲 決决 況况 減减 準凖 畝畆 疎疏 糾糺 靭靱
壺壷 刃刄 回囘 冊册 略畧 群羣 跡蹟 翻飜 鬱欝 憩憇 窮竆 耕畊
`;

/** Pairs of a variant and the form that search compares, each one code point. */
export const variantKanji: ReadonlyMap<string, string> = new Map(
  groups
    .trim()
    .split(/\s+/u)
    .flatMap((group) => {
      const [form = "", ...variants] = group;
      return variants.map((variant) => [variant, form] as const);
    }),
);
