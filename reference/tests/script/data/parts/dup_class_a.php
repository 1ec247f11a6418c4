<?php
class Dup {}
