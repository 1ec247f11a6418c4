#pragma once

namespace assay::conformance {

// The style of the page: one column, colours as custom properties, light and dark, and paper.
inline constexpr char page_style[] = R"css(
:root{--paper:#fbfaf7;--ink:#1d1c19;--soft:#67645c;--line:#e2dfd6;--card:#fff;
--good:#17713f;--good-bg:#e3f3e8;--bad:#b3261e;--bad-bg:#fce8e6;--warn:#8a5a00;--warn-bg:#fdf1d6;--none:#67645c;--none-bg:#efede7;--known:#6b3fa0;--known-bg:#f0e8fa;
--mono:ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",Menlo,Consolas,monospace}
@media (prefers-color-scheme:dark){:root{--paper:#171614;--ink:#ece9e2;--soft:#a29e93;--line:#35332e;--card:#1f1e1b;
--good:#6fd397;--good-bg:#163423;--bad:#ff8f85;--bad-bg:#46201d;--warn:#f0bd5c;--warn-bg:#3d2f10;--none:#a29e93;--none-bg:#2b2925;--known:#c6a5f2;--known-bg:#33254a}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
.page{max-width:68rem;margin:0 auto;padding:0 1.5rem}
a{color:inherit;text-underline-offset:2px}
code,pre,.chip summary,.trace,.tests,.plain strong,.failure>summary,.lanes code,.slow code{font-family:var(--mono)}
h2{font-size:1.15rem;margin:3rem 0 .8rem;letter-spacing:-.01em}
small,.note,.meta,.who,.when,.files{color:var(--soft)}
.note{max-width:44rem;font-size:.9rem}
.good{--c:var(--good);--bg:var(--good-bg)}.bad{--c:var(--bad);--bg:var(--bad-bg)}.warn{--c:var(--warn);--bg:var(--warn-bg)}.none{--c:var(--none);--bg:var(--none-bg)}.known{--c:var(--known);--bg:var(--known-bg)}
.verdict{background:var(--bg);border-bottom:4px solid var(--c);padding:2.6rem 0 2rem}
.verdict p{margin:0}
.verdict .who,.verdict .when{color:var(--ink);opacity:.75;font-size:.95rem}
.verdict .who span{font-size:.85rem}
.verdict h1{font-size:clamp(2.6rem,7vw,4.6rem);line-height:1.05;margin:.35rem 0 .5rem;color:var(--c);letter-spacing:-.03em}
.verdict .sign{display:inline-block;margin-right:.35em;font-weight:400}
.verdict h1 small{display:block;font-size:.36em;font-weight:500;letter-spacing:0;line-height:1.4;color:inherit}
.verdict .coverage{max-width:52rem;margin-bottom:.9rem}
.verdict .why{font-size:1.25rem;max-width:46rem;margin-bottom:.9rem}
.bar{display:flex;height:14px;border-radius:7px;overflow:hidden;gap:2px;background:var(--paper)}
.bar span{background:var(--c);min-width:3px;flex-basis:0}.bar .none{opacity:.35}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;list-style:none;padding:0;margin:.7rem 0 1.4rem}
.legend b{color:var(--c)}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1px;background:var(--line);border:1px solid var(--line);border-radius:10px;overflow:hidden;margin:0}
.numbers{background:var(--card)!important}.numbers div{box-shadow:0 0 0 1px var(--line);padding:.8rem 1rem;display:flex;flex-direction:column}
.numbers dd{margin:0;font-size:1.5rem;font-weight:600;font-variant-numeric:tabular-nums;letter-spacing:-.02em}
.numbers dt{color:var(--soft);font-size:.85rem}
nav{display:flex;flex-wrap:wrap;gap:.4rem 1.4rem;margin:1.6rem 0 0;padding:.7rem 0;border-block:1px solid var(--line);font-size:.92rem}
nav b{font-weight:600;color:var(--soft)}
.tools{margin:1.4rem 0 0;display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:center}
.tools[hidden]{display:none}
.tools fieldset{border:0;padding:0;margin:0;display:flex;flex-wrap:wrap;gap:.3rem}
.tools legend{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.tools label{position:relative;cursor:pointer}
.tools input[type=checkbox]{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
.tools label span{display:inline-block;border:1px solid var(--line);border-radius:99px;padding:.15rem .7rem;font-size:.85rem;background:var(--card);color:var(--c,var(--ink))}
.tools input:checked+span{background:var(--ink);border-color:var(--ink);color:var(--paper)}
.tools input:focus-visible+span{outline:2px solid var(--soft);outline-offset:2px}
.tools output{color:var(--soft);font-size:.88rem}
[hidden]{display:none!important}
input[type=search]{font:inherit;width:min(24rem,100%);padding:.45rem .8rem;border:1px solid var(--line);border-radius:8px;background:var(--card);color:var(--ink)}
.area{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.9rem 1.1rem;margin-bottom:1rem}
.area h3{margin:0 0 .5rem;font-size:1.05rem;text-transform:capitalize}
.area h3 small{font-weight:400;text-transform:none;margin-left:.5rem}
.group{display:grid;grid-template-columns:11rem 1fr;gap:.3rem 1rem;padding:.35rem 0;align-items:start}
.group+.group{border-top:1px dashed var(--line)}
.state{margin:.15rem 0;color:var(--c);font-weight:600;font-size:.9rem}.state span{color:var(--soft);font-weight:400}
.chips{display:grid;grid-template-columns:repeat(auto-fill,minmax(7.7rem,1fr));gap:.3rem}
.chip{font-size:.8rem}
.chip summary{list-style:none;cursor:pointer;border:1px solid transparent;background:var(--bg);color:var(--c);border-radius:6px;padding:.12rem .45rem;white-space:nowrap;overflow:hidden}
.chip summary::-webkit-details-marker{display:none}
.chip summary b{display:inline-block;width:1.1em;font-weight:700}
.chip.should summary,.chip.may summary{background:transparent;border:1px dashed var(--c)}
.chip summary:hover,.chip[open] summary{border:1px solid var(--c)}
.chip[open]{grid-column:1/-1}
.chip[open] summary{display:inline-block}
.clause{border-left:3px solid var(--c);margin:.5rem 0 .9rem;padding:.1rem 0 .1rem 1rem;font-size:.92rem;max-width:52rem}
.clause h4{margin:0;font-size:1rem}
.meta{margin:.3rem 0;font-size:.85rem;display:flex;flex-wrap:wrap;gap:.35rem .6rem;align-items:center}
.tag{border:1px solid var(--line);border-radius:99px;padding:0 .6em;font-size:.8rem;white-space:nowrap;text-decoration:none;background:var(--paper)}
.statement,blockquote{white-space:pre-wrap}
.tests,.plain{list-style:none;padding:0;margin:.5rem 0;font-size:.85rem}
.tests li,.plain li{padding:.2rem 0 .2rem 1.5em;text-indent:-1.5em}
.tests b,.plain b{color:var(--c);display:inline-block;width:1.5em;text-indent:0}
.tests em{color:var(--soft);font-style:normal}
.reason{display:block;text-indent:0;font-family:system-ui,sans-serif;color:var(--soft)}
.failure .name{display:block;text-indent:0;font-weight:400;font-family:system-ui,sans-serif}
.failure{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--c);border-radius:10px;padding:.6rem 1.1rem;margin-bottom:.6rem}
.failure[open]{padding-bottom:1rem;margin-bottom:1.2rem}
.failure>summary{cursor:pointer;font-size:.92rem;font-weight:600}.failure>summary b{color:var(--c)}
.failure>summary .reason{font-weight:400;font-size:.85rem;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden}
.failure[open]>summary .reason{-webkit-line-clamp:none;display:block}
.lanes{list-style:none;margin:.8rem 0;padding:.4rem 0;background:var(--paper);border:1px solid var(--line);border-radius:8px;font-size:.84rem}
.lanes li{display:flex;padding:0 .8rem;align-items:stretch}
.lanes .strip{display:flex;flex:none;margin-right:.6rem}
.lanes .strip i{width:1.15rem;position:relative;font-style:normal;text-align:center;font-size:.72rem;color:var(--soft)}
.lanes li:not(.heads) .strip i::before{content:"";position:absolute;left:50%;top:0;bottom:0;border-left:1px solid var(--line)}
.lanes .strip i.runs::before,.lanes .strip i.acts::before{border-left:3px solid var(--lane);margin-left:-1.5px}
.lanes .strip i.acts::after{content:"";position:absolute;left:50%;top:.42rem;width:.62rem;height:.62rem;margin-left:-.31rem;border-radius:50%;background:var(--lane)}
.lanes .number{flex:none;width:1.9rem;color:var(--soft);text-align:right;margin-right:.6rem;font-variant-numeric:tabular-nums}
.lanes code{flex:1;min-width:0;padding:.08rem 0;overflow-wrap:anywhere}.lanes code em{font-style:normal;color:var(--warn)}
.lanes li:not(.here) code{display:-webkit-box;-webkit-line-clamp:4;-webkit-box-orient:vertical;overflow:hidden}
.lanes .here{background:var(--bad-bg);box-shadow:inset 4px 0 0 var(--bad)}.lanes .here code{color:var(--bad);font-weight:600}
.strip i{--lane:var(--none)}.strip .w0{--lane:#2a78b5}.strip .w1{--lane:#c26a00}.strip .w2{--lane:#2c8a57}.strip .w3{--lane:#8a4fbf}.strip .w4{--lane:#b8336a}
@media (prefers-color-scheme:dark){.strip .w0{--lane:#6db3ea}.strip .w1{--lane:#f0a04b}.strip .w2{--lane:#67c990}.strip .w3{--lane:#c296ec}.strip .w4{--lane:#f07ba8}}
.strip i.idle{--lane:var(--line)}
.slow{list-style:none;padding:0;margin:0;font-size:.86rem}
.slow li{display:grid;grid-template-columns:5rem minmax(3rem,9rem) 1fr;gap:.2rem .8rem;align-items:center;padding:.2rem 0}
.slow li span{text-align:right;font-variant-numeric:tabular-nums}
.slow i{height:.55rem;border-radius:3px;background:linear-gradient(to right,var(--soft) var(--share),var(--line) 0)}
blockquote{margin:.7rem 0;padding-left:1rem;border-left:3px solid var(--line);max-width:52rem}
.compare{margin:1rem 0;display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:.6rem}
.compare div{border-radius:8px;padding:.5rem .8rem}
.compare .expected{background:var(--good-bg)}.compare .actual{background:var(--bad-bg)}
.compare dt{font-size:.78rem;font-weight:600}.expected dt{color:var(--good)}.actual dt{color:var(--bad)}
.compare dd{margin:0;font-family:var(--mono);font-size:.88rem;white-space:pre-wrap}
pre{margin:.7rem 0;font-size:.84rem;line-height:1.6;overflow-x:auto;background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:.6rem 0}
pre.trace span{display:block;padding:0 .8rem;min-width:max-content}
pre.trace .here{background:var(--bad-bg);color:var(--bad);font-weight:600;box-shadow:inset 4px 0 0 var(--bad)}
.log pre{padding:.6rem .8rem}
.log summary,.skip summary{cursor:pointer}.tests .more{color:var(--soft)}
.replay{display:flex;gap:.6rem;align-items:center;background:var(--none-bg);border-radius:8px;padding:.4rem .4rem .4rem .8rem;font-size:.85rem}
.replay code{flex:1}.replay code::before{content:"$ ";color:var(--soft);user-select:none}
button{font:inherit;border:1px solid var(--line);border-radius:6px;background:var(--card);color:var(--ink);padding:.1rem .8rem;cursor:pointer}
.files{margin:.5rem 0 0;font-size:.82rem}
.skip{padding:.3rem 0;border-bottom:1px solid var(--line)}
.facts{margin:0}.facts div{display:grid;grid-template-columns:9.5rem 1fr;gap:1rem;padding:.4rem 0;border-bottom:1px solid var(--line)}
.facts dt{color:var(--soft)}.facts dd{margin:0}
main{padding-bottom:4rem}
:target{outline:2px solid var(--c,var(--soft));outline-offset:4px;border-radius:6px}
.fold>summary{cursor:pointer;color:var(--soft);font-size:.88rem;padding:.1rem 0}.fold[open]>summary{margin-bottom:.3rem}
@media (max-width:44rem){pre.trace span{min-width:0;white-space:pre-wrap}.page{padding:0 1rem}.verdict{padding:1.4rem 0 1.2rem}.numbers{grid-template-columns:repeat(3,1fr)}.numbers div{padding:.5rem .6rem}.numbers dd{font-size:1.15rem}.slow li{grid-template-columns:4.5rem 1fr}.slow code{grid-column:1/-1}.area{padding:.7rem .8rem}.failure{padding:.6rem .8rem}.replay{flex-wrap:wrap}h2{margin-top:2rem}.group,.facts div{grid-template-columns:1fr;gap:.1rem}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@media print{:root{--paper:#fff}body{font-size:10.5pt}.page{max-width:none}nav,.tools,button{display:none!important}
.area,.failure,.numbers{break-inside:avoid}.verdict,.chip summary,.bar span,.compare div{print-color-adjust:exact;-webkit-print-color-adjust:exact}pre{white-space:pre-wrap}}
)css";

// What the page of matrix_html has on top of it.
inline constexpr char matrix_style[] = R"css(
h1{margin:2rem 0 1rem;letter-spacing:-.02em}
.targets{list-style:none;padding:0;margin:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:.6rem}
.targets li{background:var(--bg);border-left:4px solid var(--c);border-radius:8px;padding:.6rem .9rem}.targets b{display:block;color:var(--c)}
summary h2{display:inline-block;margin:1.2rem 0 .6rem;text-transform:capitalize}summary{cursor:pointer}
section>.fold>summary{font-size:1rem;color:var(--ink)}
.matrix{border-collapse:collapse;width:100%;font-size:.86rem}
.matrix th,.matrix td{text-align:left;padding:.28rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
.matrix thead th{position:sticky;top:0;background:var(--card);font-weight:600}
.matrix thead b{display:block;color:var(--c)}
.matrix tbody th{font-weight:400}
.matrix td{background:var(--bg);color:var(--c);white-space:nowrap}
.matrix .statement{max-width:44rem;font-weight:400}
@media (max-width:44rem){pre.trace span{min-width:0;white-space:pre-wrap}.matrix,.matrix tbody,.matrix tr,.matrix tbody th{display:block}.matrix thead{display:none}
.matrix tr{border-bottom:1px solid var(--line);padding:.4rem 0}.matrix th,.matrix td{border:0;padding:.1rem 0}
.matrix td{display:inline-block;border-radius:6px;padding:.05rem .5rem;margin:.15rem .3rem 0 0;font-size:.8rem}.matrix td:empty{display:none}
.matrix td::before{content:attr(data-target) " ";color:var(--soft)}}
)css";

}  // namespace assay::conformance
