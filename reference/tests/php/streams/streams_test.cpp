#include "reference/php/streams/streams.h"

#include <gtest/gtest.h>

#include "reference/php/interpreter/request_context.h"
#include "reference/php/streams/data_stream.h"
#include "reference/php/streams/filter_chain.h"
#include "reference/php/streams/stream_name.h"
#include "reference/tests/php/script_fixture.h"

// What scripts see of them is in data/streams.php, as PHP has it.
namespace assay::reference::php {
namespace {

TEST(StreamName, HasASchemeInFrontOfTwoSlashesOrIsData) {
  EXPECT_EQ(split_stream_name("own://a/b").scheme, "own");
  EXPECT_EQ(split_stream_name("own://a/b").rest, "a/b");
  EXPECT_EQ(split_stream_name("compress.zlib:///a").rest, "/a");
  EXPECT_FALSE(split_stream_name("FILE:///a").is_lower_case);
  EXPECT_EQ(split_stream_name("FILE:///a").scheme, "file");
  EXPECT_EQ(split_stream_name("data:,x").scheme, "data");
  for (const char* plain : {"/a", "a:b", "DATA:,x", "o_w://a", "://a", ""}) {
    EXPECT_EQ(split_stream_name(plain).scheme, "") << plain;
    EXPECT_EQ(split_stream_name(plain).rest, plain);
  }
}

TEST(Streams, TakeWhatTheWrapperOfPlainFilesDoesNotRead) {  // SC-KEY-15
  RequestContext context;
  const Streams& streams = all_streams();
  for (const char* name : {"/a", "a.php", "file:///a", "phar:///a", "nowhere://a", "php://input", ""})
    EXPECT_FALSE(streams.takes(context, name)) << name;
  for (const char* name : {"FILE:///a", "data:,a", "data://,a", "php://filter/resource=/a", "compress.zlib:///a"})
    EXPECT_TRUE(streams.takes(context, name)) << name;
  context.wrappers.remove("file");
  context.wrappers.add("nowhere", {"Own"});
  for (const char* name : {"/a", "a.php", "file:///a", "nowhere://a"})
    EXPECT_TRUE(streams.takes(context, name)) << name;
}

TEST(Streams, OfNamesWithinNamesEndWithTheStack) {
  const auto run =
      run_source("<?php return file_get_contents(str_repeat('php://filter/resource=', 20000) . 'data:,x');");
  ASSERT_TRUE(run.result.error);
  EXPECT_EQ(run.result.error->class_name, "");
  EXPECT_EQ(run_source("<?php return file_get_contents('php://filter/resource=php://filter/resource=data:,x');")
                .result.value.as_string(),
            "x");
}

TEST(DataStream, IsPlainOrInBase64) {
  EXPECT_EQ(data_of(",a%20b%2"), "a b%2");
  EXPECT_EQ(data_of("text/plain;base64,aGVsbG8="), "hello");
  EXPECT_EQ(data_of("text/plain;base64,a*").error(), "rfc2397: unable to decode");
  EXPECT_EQ(data_of("a").error(), "rfc2397: no comma in URL");
}

TEST(FilterChain, NamesFiltersForReadingAndAResource) {
  const FilterChain chain = parse_filter_chain("read=one|two/three/write=four/resource=/a/resource=b");
  EXPECT_EQ(chain.filters, (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_EQ(chain.resource, "/a/resource=b");
  EXPECT_EQ(parse_filter_chain("").resource, "");
}

TEST(FilterChain, ChangesLetters) {
  std::string text = "Ab z.";
  EXPECT_TRUE(apply_filter("string.rot13", text));
  EXPECT_EQ(text, "No m.");
  EXPECT_TRUE(apply_filter("string.toupper", text));
  EXPECT_EQ(text, "NO M.");
  EXPECT_TRUE(apply_filter("string.tolower", text));
  EXPECT_EQ(text, "no m.");
  EXPECT_FALSE(apply_filter("string.other", text));
}

}  // namespace
}  // namespace assay::reference::php
